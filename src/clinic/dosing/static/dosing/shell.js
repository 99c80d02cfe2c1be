// The console without a network: forms, what waits, and the way back. It knows no name.
// @ts-check

import * as outbox from "./outbox.js";
import { setSkew } from "./ages.js";
import { wire } from "./charting.js";
import { drain, whereabouts } from "./drain.js";
import { clock } from "./entries.js";
import { show } from "./waiting.js";

const by = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const line = by("live-line");
const ASK_EVERY_MS = 3_000;
/** @type {outbox.Known | undefined} */
let session;
let isCut = true;
let proven = true;

const say = (/** @type {string} */ words) => {
  if (line.textContent !== words) line.textContent = words;
};

function choose(/** @type {outbox.Known} */ known) {
  session = known;
  setSkew(known.skew);
  // Nobody worked here for as long as it takes to lock a screen: who types now has shown nothing.
  proven = Date.now() - known.used < known.idle * 1000;
  by("which").hidden = true;
  by("chairside").hidden = false;
  by("label").textContent = known.label;
  for (const each of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-route], [data-product]"))) {
    const { route, product } = each.dataset;
    each.hidden = (route ? !route.split(" ").includes(known.route) : false) || (product ? product !== known.product : false);
    for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (each.querySelectorAll("input, button, select"))) field.disabled = each.hidden;
  }
  if (!known.cut) outbox.cut(known.name, new Date(Date.now() + known.skew).toISOString());
  who();
  soon();
}

function who() {
  by("who").textContent = proven
    ? "What you chart here is sent under the name of the person who was signed in at this screen."
    : "What you chart here waits until whoever typed it signs in or unlocks, and says so.";
  by("another").hidden = !proven;
}

by("another").addEventListener("click", () => {
  proven = false;
  who();
});

function ask(/** @type {outbox.Known[]} */ known) {
  const place = by("sessions");
  for (const each of known) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button plain big-target", textContent: each.label });
    button.addEventListener("click", () => choose(each));
    place.append(button);
  }
  by("which").hidden = !known.length;
  by("none").hidden = known.length > 0;
}

const isTyping = () => [.../** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("input.box, textarea.box"))].some((box) => box.value);

/** Any answer of the clinic will do: what it says is for the page that comes back. */
async function look() {
  if (!session) return;
  const where = await whereabouts(session.name, { anew: true });
  isCut = false;
  if (where.status === 200) await outbox.reached(session.name, new Date(Date.now() + session.skew).toISOString(), screenName());
  await drain();
  by("back").hidden = false;
  say("The clinic is reached again. Open the console: alarms are there, and not here.");
  if (!isTyping()) location.replace(where.status === 200 && !location.pathname.startsWith("/patients/") ? where.console : location.pathname);
}

const screenName = () => (sessionStorage.getItem("console-tab") ?? "none").slice(0, 4).toUpperCase();

function lost() {
  isCut = true;
  by("back").hidden = true;
  const since = session?.cut ? ` since ${clock(session.cut)}` : "";
  say(`Not connected${since}. No alarms here. Watch the bedside monitor.`);
}

let soon = () => {};
async function begin() {
  lost();
  if (!(await outbox.isThere())) return ask([]);
  soon = show(by("outbox"), () => ({ name: proven ? (session?.name ?? "") : "", isCut, since: session?.cut ?? "" }));
  const known = await outbox.known();
  const trace = await outbox.trace(location.pathname);
  const here = trace ? known.find((each) => each.path === trace) : undefined;
  if (here) choose(here);
  else ask(known);
  lost();
}

wire({ name: () => session?.name ?? "", isCut: () => isCut, isProven: () => proven, signedOut: () => {}, charted: () => {} });
addEventListener("pointerdown", () => session && proven && outbox.used(session.name));
by("back").addEventListener("click", () => location.reload());
begin();
setInterval(() => look().catch(lost), ASK_EVERY_MS);
