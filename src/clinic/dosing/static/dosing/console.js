// The live console. Without this file every form still works and the page is loaded again by hand.
// @ts-check

import { age, readClock } from "./ages.js";

const line = /** @type {HTMLElement} */ (document.getElementById("live-line"));
const panel = /** @type {HTMLElement} */ (document.getElementById("panel"));
const csrf = () => /** @type {HTMLInputElement} */ (document.querySelector("[name=csrfmiddlewaretoken]"))?.value ?? "";
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

const saidAt = () => /** @type {HTMLElement} */ (panel.querySelector(".panel"))?.dataset.now;

// --- the stream ------------------------------------------------------------------------------

function say(/** @type {string} */ words, /** @type {boolean} */ lost) {
  if (line.textContent !== words) line.textContent = words;
  line.classList.toggle("lost", lost);
}

/** @type {EventSource | undefined} */
let open; // one stream a page: a browser has six connections to a clinic

function listen() {
  open?.close();
  const stream = (open = new EventSource(`${line.dataset.live}?after=${shown()}`));
  stream.addEventListener("panel", (event) => {
    heard = performance.now();
    const opened = [...panel.querySelectorAll("details[open]")].map((each) => each.id);
    panel.innerHTML = JSON.parse(event.data).html;
    for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
    readClock(saidAt());
    age(panel);
    sound();
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
let isBarred = false;
let isOut = false;
function signedOut() {
  isOut = true;
  say("Signed out: no longer live. What this screen shows is getting old. Sign in again in another tab, then come back.", true);
}

/** What this screen is worth, in words, where the alarms would stand. */
function notice() {
  if (isOut || isBarred) return;
  const time = answeredAt.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  if (performance.now() - answered > CUT_AFTER_MS)
    say(`Not connected since ${time}. No alarms here. Watch the bedside monitor. What this screen shows is getting old.`, true);
  else if (performance.now() - heard > LOST_AFTER_MS)
    say("This console has lost the clinic. What it shows is getting old. Watch the bedside monitor.", true);
  else if (performance.now() - failed < LOST_AFTER_MS)
    say("The clinic cannot read its records: nothing new arrives here. Watch the bedside monitor.", true);
  else say("Live: this screen follows every console.", false);
}

async function beat() {
  const body = new URLSearchParams({ csrfmiddlewaretoken: csrf(), shown_for: line.dataset.session ?? "", console: consoleId, number: String(shown()) });
  try {
    const answer = await fetch(line.dataset.beat ?? "", { method: "POST", body, headers: { Accept: "application/json" }, signal: AbortSignal.timeout(CUT_AFTER_MS) });
    if (answer.status < 500) [answered, answeredAt] = [performance.now(), new Date()];
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
  const body = new URLSearchParams({ csrfmiddlewaretoken: csrf(), shown_for: line.dataset.session ?? "", console: consoleId, leaving: "yes" });
  navigator.sendBeacon(line.dataset.beat ?? "", body);
});

// --- sound -----------------------------------------------------------------------------------

/** @type {AudioContext | undefined} */
let audio;
let beeping = 0;

function tone() {
  if (!audio || audio.state !== "running") return;
  const wave = audio.createOscillator();
  wave.frequency.value = 880;
  wave.connect(audio.destination);
  wave.start();
  wave.stop(audio.currentTime + 0.25);
}

function sound() {
  const wanted = panel.querySelector("[data-sounds]") !== null;
  if (wanted && !beeping) beeping = setInterval(tone, 1000);
  if (!wanted && beeping) {
    clearInterval(beeping);
    beeping = 0;
  }
}

const test = document.getElementById("sound-test");
if (test) {
  test.hidden = false;
  test.addEventListener("click", tone);
}
document.addEventListener("pointerdown", () => {
  audio ??= new AudioContext();
  audio.resume();
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

// --- charting without leaving the page -------------------------------------------------------

// Help at the chair: nothing that is typed is lost, and no lock stands in the way.
document.addEventListener("submit", async (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.matches("[data-helps]")) return;
  event.preventDefault();
  tell(form, "Calling …", false);
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
    const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
    if (answer.status === 401) signedOut();
    tell(form, told.told ?? "Not called. Shout, and phone.", !answer.ok);
  } catch {
    tell(form, "Not called: the clinic cannot be reached. Shout, and phone.", true);
  }
});

document.addEventListener("submit", async (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.matches("[data-charts]")) return;
  event.preventDefault();
  const body = new FormData(form, event.submitter);
  const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
  if (button) button.disabled = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
    if (answer.ok && told.number) taken(form, told.number);
    else if (answer.status === 401) {
      signedOut();
      refuse(form, "Not charted: you are signed out. What you typed is still here. Sign in again in another tab, come back, and tap again.");
    }
    else {
      if (told.locked) document.dispatchEvent(new Event("clinic:locked"));
      refuse(form, told.error ?? "Not taken. Load the page again; you may have been signed out.", told.asks);
    }
  } catch {
    refuse(form, "Not sent: the clinic cannot be reached. What you typed is still here. Tap again.");
  } finally {
    if (button) button.disabled = false;
  }
});

function taken(/** @type {HTMLFormElement} */ form, /** @type {number} */ number) {
  form.reset();
  for (const box of form.querySelectorAll("input.box, textarea.box")) /** @type {HTMLInputElement} */ (box).value = "";
  for (const asked of form.querySelectorAll("[data-asked]")) /** @type {HTMLElement} */ (asked).hidden = true;
  const id = /** @type {HTMLInputElement} */ (form.elements.namedItem("event_id"));
  id.value = crypto.randomUUID(); // the next entry is another event; a repeated one is not
  tell(form, `Charted as line ${number}.`, false);
}

function refuse(/** @type {HTMLFormElement} */ form, /** @type {string} */ words, asks = "") {
  tell(form, words, true);
  const asked = /** @type {HTMLElement | null} */ (asks ? form.querySelector(`[data-asked="${asks}"]`) : null);
  if (!asked) return;
  asked.hidden = false;
  asked.querySelector("input")?.focus();
}

function tell(/** @type {HTMLFormElement} */ form, /** @type {string} */ words, /** @type {boolean} */ bad) {
  let told = /** @type {HTMLElement | null} */ (form.querySelector(".told"));
  if (!told) {
    told = document.createElement("p");
    told.className = "told";
    told.setAttribute("role", "status");
    form.append(told);
  }
  told.textContent = words;
  told.classList.toggle("bad", bad);
}

readClock(saidAt());
age(panel);
sound();
listen();
beat();
setInterval(() => {
  age(panel);
  sound(); // a figure that has just gone blank calls
}, 1000);
setInterval(notice, 1000);
setInterval(beat, BEAT_EVERY_MS);
