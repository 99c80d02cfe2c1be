// The live console. Without this file every form still works and the page is loaded again by hand.
// @ts-check

import { age, readClock } from "./ages.js";
import { follow } from "./answers.js";
import * as charting from "./charting.js";
import * as offline from "./offline.js";
import { sound, state, wire } from "./sound.js";

const line = /** @type {HTMLElement} */ (document.getElementById("live-line"));
const panel = /** @type {HTMLElement} */ (document.getElementById("panel"));
const shown = () => Number(/** @type {HTMLElement} */ (panel.querySelector(".panel"))?.dataset.number ?? 0);

/** When the stream last said anything, by this device's own steady clock. */
let heard = performance.now();
/** When the clinic last answered a beat, by the same; and in clock words, for people. */
let answered = performance.now();
let answeredAt = new Date();
const LOST_AFTER_MS = 10_000; // the stream speaks every 4 s
const CUT_AFTER_MS = 4_500; // two beats without an answer
const BEAT_EVERY_MS = 2_000;
const AGAIN_MS = 2_000;
/** This page and no other: of two screens of one person neither speaks for the other. */
const consoleId = crypto.randomUUID();
/** This tab, also when the page is loaded again: what was heard in it still holds. */
const tabId = sessionStorage.getItem("console-tab") ?? crypto.randomUUID();
sessionStorage.setItem("console-tab", tabId);
const screen = tabId.slice(0, 4).toUpperCase(); // as the record names it

/** For which phase, and which check by two people, the forms below the panel are drawn. */
const formsOf = () => /** @type {HTMLElement} */ (panel.querySelector(".panel"))?.dataset.forms;
const drawnFor = formsOf();
const saidAt = () => /** @type {HTMLElement} */ (panel.querySelector(".panel"))?.dataset.now;

// --- the stream ------------------------------------------------------------------------------

function say(/** @type {string} */ words, /** @type {boolean} */ lost) {
  if (line.textContent !== words) line.textContent = words;
  line.classList.toggle("lost", lost);
}

/** The panel anew, with what is open, scrolled or under the keyboard's focus as it was. */
function draw(/** @type {string} */ html) {
  const opened = [...panel.querySelectorAll("details[open]")].map((each) => each.id);
  const scrolled = panel.querySelector(".line-of-events")?.scrollTop ?? 0;
  const at = panel.contains(document.activeElement) ? where(/** @type {Element} */ (document.activeElement)) : "";
  panel.innerHTML = html;
  readClock(saidAt());
  age(panel);
  sound(panel);
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  const events = panel.querySelector(".line-of-events");
  if (events) events.scrollTop = scrolled;
  if (at) /** @type {HTMLElement | null} */ (panel.querySelector(at))?.focus({ preventScroll: true });
  showOpened();
  follow(panel);
  const older = document.getElementById("older"); // a locked page has no forms to be older than
  if (older) older.hidden = formsOf() === drawnFor;
}

/**
 * New figures in the panel that stands: nothing else of it changed.
 * @param {{ number: number, now: string, figures: Record<string, { words: string, unit: string, at: string, stale_at: string | null, source: string, artefact: boolean }> }} told
 */
function figures(told) {
  const drawn = /** @type {HTMLElement | null} */ (panel.querySelector(".panel"));
  if (!drawn) return;
  drawn.dataset.number = String(told.number);
  drawn.dataset.now = told.now;
  for (const [name, one] of Object.entries(told.figures)) {
    const vital = /** @type {HTMLElement | null} */ (drawn.querySelector(`[data-vital="${name}"]`));
    if (!vital) continue;
    vital.classList.toggle("artefact", one.artefact);
    vital.classList.remove("stale");
    delete vital.dataset.sounds;
    if (one.stale_at) vital.dataset.staleAt = one.stale_at;
    else delete vital.dataset.staleAt;
    const value = element("span", "value", one.words || "–");
    vital.querySelector(".figure")?.replaceChildren(value, ...(one.words ? [" ", element("span", "unit", one.unit)] : []));
    const when = element("span", "", "");
    when.dataset.ageOf = one.at;
    const marks = [one.source, one.artefact ? "marked as an artefact" : ""].filter(Boolean);
    vital.querySelector(".age")?.replaceChildren(when, ...marks.flatMap((each) => [" ", element("strong", "source", each)]));
  }
  readClock(told.now);
  age(panel);
  sound(panel);
}

function element(/** @type {string} */ kind, /** @type {string} */ className, /** @type {string} */ words) {
  return Object.assign(document.createElement(kind), { className, textContent: words });
}

function where(/** @type {Element} */ held) {
  const near = held.closest("details")?.id;
  if (held.matches("summary") && near) return `#${CSS.escape(near)} > summary`;
  const marks = ["href", "name", "value"].filter((each) => held.hasAttribute(each));
  const told = marks.map((each) => `[${each}="${CSS.escape(held.getAttribute(each) ?? "")}"]`);
  return told.length ? held.localName + told.join("") : ".line-of-events";
}

/** @type {EventSource | undefined} */
let open; // one stream a page: a browser has six connections to a clinic

function listen() {
  open?.close();
  const stream = (open = new EventSource(`${line.dataset.live}?after=${shown()}&console=${consoleId}`));
  stream.addEventListener("panel", (event) => {
    heard = performance.now();
    failed = -Infinity; // it is drawn from the records
    draw(JSON.parse(event.data).html);
    notice();
  });
  stream.addEventListener("figures", (event) => {
    heard = performance.now();
    figures(JSON.parse(event.data));
    notice();
  });
  stream.addEventListener("failed", () => {
    heard = failed = performance.now();
    notice();
  });
  stream.addEventListener("closed", (event) => {
    stream.close();
    if (JSON.parse(event.data) === "signed out") signedOut();
    else {
      isBarred = true;
      say("You may not watch this session any more.", true);
    }
  });
  // The browser comes back by itself from a lost line, and never from a refusal: ask why, and again.
  stream.addEventListener("error", () => {
    if (stream.readyState !== EventSource.CLOSED) return;
    beat();
    setTimeout(() => isOut || listen(), AGAIN_MS);
  });
}

/** When the clinic last said that it cannot read its own records. */
let failed = -Infinity;
/** When the clinic last said that it can write nothing down. */
let full = -Infinity;
let isBarred = false;
let isOut = false;
function signedOut() {
  isOut = true;
  say("Signed out: no longer live. What this screen shows is getting old. Sign in again in another tab, then come back.", true);
}

const isCut = () => performance.now() - answered > CUT_AFTER_MS;

/** What this screen is worth, in words, where the alarms would stand. */
function notice() {
  offline.reached(!isCut(), answeredAt, screen);
  if (isOut || isBarred) return;
  const time = answeredAt.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  if (isCut())
    say(`Not connected since ${time}. No alarms here. Watch the bedside monitor. What this screen shows is getting old.`, true);
  else if (performance.now() - heard > LOST_AFTER_MS)
    say("This console has lost the clinic. What it shows is getting old. Watch the bedside monitor.", true);
  else if (performance.now() - failed < LOST_AFTER_MS)
    say("The clinic cannot read its records: nothing new arrives here. Watch the bedside monitor.", true);
  else if (performance.now() - full < LOST_AFTER_MS)
    say("The clinic cannot write: what you chart is not kept. Write it on paper. Alarms here go on, and call nobody elsewhere.", true);
  else say("Live: this screen follows every console.", false);
}

const said = (more = {}) => new URLSearchParams({ csrfmiddlewaretoken: charting.csrf(), shown_for: line.dataset.session ?? "", console: consoleId, ...more });

async function beat() {
  const body = said({ number: String(shown()), sound: state(), tab: tabId });
  try {
    const answer = await fetch(line.dataset.beat ?? "", { method: "POST", body, headers: { Accept: "application/json" }, signal: AbortSignal.timeout(CUT_AFTER_MS) });
    const unwritten = answer.status === 503 && answer.headers.get("Content-Type")?.includes("json") && (await answer.json()).unwritten;
    full = unwritten ? performance.now() : -Infinity;
    if (answer.status < 500 || unwritten) [answered, answeredAt] = [performance.now(), new Date()];
    notice();
    if (answer.status === 401) signedOut();
    else if (answer.ok && isOut) {
      isOut = false;
      listen();
    }
  } catch {
    notice();
  }
}

addEventListener("pagehide", () => {
  navigator.sendBeacon(line.dataset.beat ?? "", said({ leaving: "yes" }));
});

// --- this device's clock ---------------------------------------------------------------------

// What is charted carries the time this device believes it is; the clinic's clock orders.
document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.elements.namedItem("event_id")) return;
  let sent = /** @type {HTMLInputElement | null} */ (form.elements.namedItem("sent_at"));
  if (!sent) {
    sent = document.createElement("input");
    sent.type = "hidden";
    sent.name = "sent_at";
    form.append(sent);
  }
  sent.value = new Date().toISOString();
}, { capture: true });

// --- help and answers, without leaving the page ----------------------------------------------

// Help at the chair, and answers to alarms: nothing that is typed elsewhere is lost.
document.addEventListener("submit", async (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.matches("[data-helps], [data-answers]")) return;
  event.preventDefault();
  const helps = form.matches("[data-helps]");
  if (helps) charting.tell(form, "Calling …", false);
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
    const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
    if (answer.status === 401) signedOut();
    if (told.locked) document.dispatchEvent(new Event("clinic:locked"));
    const why = helps && answer.status >= 500 ? "" : told.error;
    charting.tell(form, told.told || why || (helps ? "Not called. Shout, and phone." : "Not taken. Load the page again."), !told.told);
    if (told.told && !helps) {
      form.reset();
      follow(panel);
    }
  } catch {
    charting.tell(form, helps ? "Not called: the clinic cannot be reached. Shout, and phone." : "Not sent: the clinic cannot be reached. Tap again.", true);
  }
});

const STREAM_LATE_MS = 2_000;

/** A stream that is lost must not keep the steps of an emergency away: the page itself has them. */
async function fetchPanel(/** @type {number} */ before) {
  if (heard !== before) return;
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const told = page.getElementById("panel");
  if (answer.ok && told) draw(told.innerHTML);
}

/** The row whose steps were opened here and have not been shown yet. */
let opening = "";

function showOpened() {
  const steps = opening && panel.querySelector(`[data-row="${opening}"]`);
  if (!steps) return;
  opening = "";
  steps.scrollIntoView({ block: "start" });
}

charting.wire({
  name: offline.keptAs,
  isCut,
  isProven: () => !document.body.classList.contains("locked"),
  signedOut,
  charted(form, body) {
    if (form.matches("[data-shows-steps]")) opening = String(body.get("pathway") ?? "");
    showOpened(); // where the stream was faster than the answer
    if (form.matches("[data-steps]")) setTimeout(fetchPanel, STREAM_LATE_MS, heard);
  },
});
readClock(saidAt());
age(panel);
sound(panel);
listen();
beat();
wire({ beat, said });
offline.begin({ csrf: charting.csrf(), session: line.dataset.session ?? "", screen });
setInterval(() => {
  age(panel);
  sound(panel); // a figure that has just gone blank calls
}, 1000);
setInterval(notice, 1000);
setInterval(beat, BEAT_EVERY_MS);
