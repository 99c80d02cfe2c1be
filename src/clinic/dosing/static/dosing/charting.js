// Charting without leaving the page. Each entry goes one way: it is kept here, then sent; what cannot
// be sent waits. Where a browser cannot keep anything, it is sent at once or stays in its form.
// @ts-check

import * as outbox from "./outbox.js";
import { drain, outcomeOf } from "./drain.js";
import { typed, wrong } from "./entries.js";

const ANSWER_WITHIN_MS = 4_000;
export const csrf = () => /** @type {HTMLInputElement} */ (document.querySelector("[name=csrfmiddlewaretoken]"))?.value ?? "";

/**
 * @typedef {object} Page
 * @property {() => string} name under which this page keeps what is typed; "" where it keeps nothing
 * @property {() => boolean} isCut whether the clinic is known to be out of reach
 * @property {() => boolean} isProven whether whoever types has shown who they are
 * @property {() => void} signedOut
 * @property {(form: HTMLFormElement, body: FormData) => void} charted
 */
/** @type {Page} */
let page;

/** @param {Page} told */
export function wire(told) {
  page = told;
  document.addEventListener("submit", chart);
}

async function chart(/** @type {SubmitEvent} */ event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const keeps = form.matches("[data-outbox]") && page.name();
  if (!keeps && !form.matches("[data-charts], [data-reloads]")) return;
  event.preventDefault();
  const body = new FormData(form, event.submitter);
  const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
  identify(form, body, button);
  if (button) button.disabled = true;
  try {
    if (keeps) await keep(form, body, button);
    else await sendNow(form, body);
  } finally {
    if (button) button.disabled = false;
  }
}

/**
 * Under which id each button of a form says what it says, until it is charted. Sent again it is the
 * same event; what another button says is another, also while nobody has heard of the first.
 * @type {WeakMap<HTMLFormElement, Map<string, string>>}
 */
const ids = new WeakMap();

function identify(/** @type {HTMLFormElement} */ form, /** @type {FormData} */ body, /** @type {HTMLButtonElement | null} */ button) {
  const known = ids.get(form) ?? new Map();
  const says = `${button?.name} ${button?.value}`;
  ids.set(form, known.set(says, known.get(says) ?? crypto.randomUUID()));
  body.set("event_id", known.get(says));
}

// --- kept first ------------------------------------------------------------------------------

async function keep(/** @type {HTMLFormElement} */ form, /** @type {FormData} */ body, /** @type {HTMLElement | null} */ button) {
  const said = page.isCut() ? wrong(form) : "";
  if (said) return refuse(form, `Not kept. ${said}`);
  const entry = typed(form, body, button);
  const key = String(body.get("event_id"));
  const outcome = outcomeOf(key, ANSWER_WITHIN_MS);
  try {
    await outbox.put({ ...entry, name: page.name(), claimed: page.isProven(), fresh: !page.isCut() });
  } catch {
    return sendNow(form, body); // full, or wiped by another tab: the form still holds what was typed
  }
  drain();
  if (page.isCut()) return waits(form, body);
  await settle(form, body, key, await outcome);
}

async function settle(/** @type {HTMLFormElement} */ form, /** @type {FormData} */ body, /** @type {string} */ key, /** @type {import("./drain.js").Outcome | undefined} */ outcome) {
  if (outcome?.done) return charted(form, body, outcome.number ?? 0, outcome.id ?? "");
  const entry = (await outbox.all()).find((each) => each.key === key);
  if (!entry) return charted(form, body, 0, "");
  // Refused while its form still shows it: there it is mended. What may have arrived stays.
  const mends = outcome && (outcome.locked || outcome.signedOut ? entry.tries <= 1 : outcome.refused);
  if (!mends) return waits(form, body);
  await outbox.remove(entry.id);
  if (outcome.signedOut) return signedOut(form);
  if (outcome.locked) document.dispatchEvent(new Event("clinic:locked"));
  refuse(form, outcome.refused ?? "Locked: type your PIN. What you typed is still here.", outcome.asks);
}

function waits(/** @type {HTMLFormElement} */ form, /** @type {FormData} */ body) {
  empty(form, body);
  tell(form, "Kept on this device. It waits for the clinic, with the time at which you typed it.", false);
}

// --- or sent at once -------------------------------------------------------------------------

async function sendNow(/** @type {HTMLFormElement} */ form, /** @type {FormData} */ body) {
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
    if (answer.ok && told.number) return charted(form, body, told.number, told.id);
    if (answer.status === 401) return signedOut(form);
    if (told.locked) document.dispatchEvent(new Event("clinic:locked"));
    refuse(form, told.error ?? "Not taken. Load the page again; you may have been signed out.", told.asks);
  } catch {
    refuse(form, "Not sent: the clinic cannot be reached. What you typed is still here. Tap again.");
  }
}

function signedOut(/** @type {HTMLFormElement} */ form) {
  page.signedOut();
  refuse(form, "Not charted: you are signed out. What you typed is still here. Sign in again in another tab, come back, and tap again.");
}

// --- what the form says ----------------------------------------------------------------------

function charted(/** @type {HTMLFormElement} */ form, /** @type {FormData} */ body, /** @type {number} */ number, /** @type {string} */ row) {
  const reloads = form.matches("[data-reloads]");
  const elsewhere = [...document.querySelectorAll("main form")].some((each) => each !== form && holds(/** @type {HTMLFormElement} */ (each)));
  if (reloads && !elsewhere) return location.assign(location.pathname);
  page.charted(form, body);
  empty(form, body);
  const older = reloads ? " The forms here stand as before it: load the page again once what you typed in another one is sent." : "";
  tell(form, (number ? `Charted as line ${number}.` : "Charted.") + older, false);
  if (row && "undoes" in form.dataset) offerUndo(form, number, row);
}

/** What was sent is said, and its button's next is another event. What was typed since stays. */
function empty(/** @type {HTMLFormElement} */ form, /** @type {FormData} */ sent) {
  const stands = new FormData(form);
  const isAsSent = (/** @type {string} */ name) => String(stands.getAll(name)) === String(sent.getAll(name));
  for (const field of /** @type {Iterable<any>} */ (form.elements))
    if (field.matches("input:not([type=hidden]), select, textarea") && isAsSent(field.name)) clear(field);
  for (const asked of form.querySelectorAll("[data-asked]")) /** @type {HTMLElement} */ (asked).hidden = true;
  const known = ids.get(form) ?? new Map();
  for (const [says, id] of known) if (id === sent.get("event_id")) known.delete(says);
}

/** Whether somebody typed or ticked something that was not sent. */
const holds = (/** @type {HTMLFormElement} */ form) =>
  /** @type {any[]} */ ([...form.elements]).some((each) =>
    each.matches("[type=radio], [type=checkbox]") ? each.checked !== each.defaultChecked : each.matches("input:not([type=hidden]), textarea") && each.value !== each.defaultValue,
  );

/** As the page was made, and a box without what the page was made with. */
function clear(/** @type {any} */ field) {
  if (field.localName === "select") for (const each of field.options) each.selected = each.defaultSelected;
  else if (field.type === "radio" || field.type === "checkbox") field.checked = field.defaultChecked;
  else field.value = field.matches(".box") ? "" : field.defaultValue;
}

// Undo is a correction: the line stays on record, with the reason.
function offerUndo(/** @type {HTMLFormElement} */ form, /** @type {number} */ number, /** @type {string} */ row) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button quiet small undo", textContent: `Undo line ${number}` });
  const id = crypto.randomUUID(); // pressed twice, it is taken back once
  button.addEventListener("click", async () => {
    const shown = /** @type {HTMLInputElement} */ (form.elements.namedItem("shown_for")).value;
    const told = { kind: "withdrawn", replaces: row, event_id: id, reason: "Undone at once: tapped in error." };
    const body = new URLSearchParams({ csrfmiddlewaretoken: csrf(), shown_for: shown, ...told });
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      const said = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
      if (answer.ok) tell(form, `Line ${number} is taken back. It stays on record as line ${said.number} says.`, false);
      else tell(form, said.error ?? `Line ${number} still stands. Press correct beside it.`, true);
    } catch {
      tell(form, `Not sent: line ${number} still stands. Tap Undo again.`, true);
      form.append(button);
    }
  });
  form.append(button);
}

function refuse(/** @type {HTMLFormElement} */ form, /** @type {string} */ words, asks = "") {
  tell(form, words, true);
  const asked = /** @type {HTMLElement | null} */ (asks ? form.querySelector(`[data-asked="${asks}"]`) : null);
  if (!asked) return;
  asked.hidden = false;
  asked.querySelector("input")?.focus();
}

export function tell(/** @type {HTMLFormElement} */ form, /** @type {string} */ words, /** @type {boolean} */ bad) {
  let told = /** @type {HTMLElement | null} */ (form.querySelector(".told"));
  if (!told) {
    told = document.createElement("p");
    told.className = "told";
    told.setAttribute("role", "status");
    form.append(told);
  }
  told.textContent = words;
  told.classList.toggle("bad", bad);
  form.querySelector("button.undo")?.remove();
}
