// A console that goes on recording while it reaches nobody, and says what it then cannot do.
// @ts-check

import * as outbox from "./outbox.js";
import { readClock, skewMs } from "./ages.js";
import { drain, place } from "./drain.js";
import { show } from "./waiting.js";

const spot = /** @type {HTMLElement | null} */ (document.getElementById("outbox"));
const AGAIN_MS = 3_000;
const NOTED_EVERY_MS = 30_000;

let name = "";
let isCut = false;
let since = "";
let soon = () => {};

/** Under which this page keeps what is typed; "" where it keeps nothing. */
export const keptAs = () => name;

function without(/** @type {string} */ why) {
  if (!spot) return;
  spot.hidden = false;
  spot.classList.add("without");
  spot.textContent = `This screen does not record while it is offline: ${why} Keep the downtime sheet at hand.`;
}

/** @param {{ csrf: string, session: string, screen: string }} page */
export async function begin(page) {
  sessionStorage.removeItem("htmx-current-path-for-history"); // an address names a person by their number
  if (!spot || document.body.classList.contains("locked")) return;
  if (!isSecureContext) return without("that needs HTTPS, or the server's own machine.");
  if (!outbox.isPossible()) return without("this browser lacks what it takes.");
  try {
    await register(page);
  } catch {
    setTimeout(() => name || begin(page), 10 * AGAIN_MS);
    return without("it could not be prepared. It tries again.");
  }
  spot.classList.remove("without");
  await endGap(page.screen); // a tab that was killed offline comes back as this one
  soon = show(spot, () => ({ name, isCut, since }));
  setInterval(() => isCut || drain(), AGAIN_MS);
  new MutationObserver(soon).observe(document.body, { attributeFilter: ["class"] }); // locked, unlocked
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, works, { passive: true });
  drain();
}

let noted = Date.now();
/** A page that is loaded again offline goes on under the same name while somebody is at work. */
function works() {
  if (Date.now() - noted < NOTED_EVERY_MS || document.body.classList.contains("locked")) return;
  noted = Date.now();
  outbox.used(name);
}

async function register(/** @type {{ csrf: string, session: string }} */ page) {
  const body = new URLSearchParams({ csrfmiddlewaretoken: page.csrf, shown_for: page.session });
  const answer = await fetch(spot?.dataset.here ?? "", { method: "POST", body, headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const told = await answer.json();
  readClock(told.now);
  const { label, product, route } = told;
  const path = await outbox.trace(location.pathname);
  await outbox.remember({ name: told.name, path, label, product, route, skew: skewMs(), idle: Number(document.body.dataset.idleS ?? 0) });
  navigator.serviceWorker.ready.then(() => (document.body.dataset.reopens = "yes"));
  await navigator.serviceWorker.register("/offline/worker.js", { scope: "/", updateViaCache: "none" });
  place(told.name, told);
  name = told.name;
  document.body.dataset.records = "yes";
}

/** How it stands with the clinic, each second. */
export function reached(/** @type {boolean} */ is, /** @type {Date} */ lastAnswer, /** @type {string} */ screen) {
  if (is === !isCut) return;
  isCut = !is;
  since = is ? "" : lastAnswer.toISOString();
  if (is) delete document.body.dataset.cut;
  else document.body.dataset.cut = "yes";
  disable(isCut);
  soon();
  if (!name) return;
  if (isCut) outbox.cut(name, new Date(lastAnswer.valueOf() + skewMs()).toISOString());
  else endGap(screen).then(drain);
}

/** Whoever of this session was cut off here: the clinic is reached again, by whoever works now. */
async function endGap(/** @type {string} */ screen) {
  const known = await outbox.known();
  const path = known.find((each) => each.name === name)?.path;
  for (const each of known) if (each.path === path) await outbox.reached(each.name, new Date(Date.now() + skewMs()).toISOString(), screen);
}

/** What the clinic alone can do stands back, with the reason once a card. */
function disable(/** @type {boolean} */ is) {
  const waits = (/** @type {Element} */ each) => each.matches("[data-helps], [data-answers], [data-steps], [data-sound], #lock") || (name && each.matches("[data-outbox]"));
  for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("main form")))
    form.inert = is && !waits(form);
  for (const each of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("main [data-online]"))) each.inert = is;
  for (const each of document.querySelectorAll(".why-not")) each.remove();
  for (const each of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-offline-only]"))) each.hidden = !(is && name);
  if (!is) return;
  const cards = new Set([...document.querySelectorAll("main section.card:has([inert])")]);
  for (const card of cards) {
    const words = /** @type {HTMLElement} */ (card).dataset.notOffline ?? "What is grey here needs the clinic: not while this screen is offline.";
    card.querySelector("header")?.insertAdjacentElement("afterend", Object.assign(document.createElement("p"), { className: "why-not", textContent: words }));
  }
}
