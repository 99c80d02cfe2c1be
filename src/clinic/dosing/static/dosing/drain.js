// Sends what waits, one after another and from one tab at a time, each under who typed it.
// @ts-check

import * as outbox from "./outbox.js";

const GIVES_UP_AFTER_MS = 8_000;
const FRESH_MS = 3_000; // sent within that, the clinic's own clock times it
const KNOWN_FOR_MS = 60_000;

/** @typedef {{ done?: boolean, number?: number, id?: string, refused?: string, asks?: string, waits?: string, locked?: boolean, signedOut?: boolean }} Outcome */
/** @typedef {{ status: number, mine: boolean, over: boolean, session: string, typed_by: string, csrf: string, now: string, console: string, ways: Record<string, string>, at: number }} Where */

/** @type {Map<string, Where>} */
const places = new Map();
/** What became of an entry, for the form that waits for it. @type {Map<string, (outcome: Outcome) => void>} */
const awaited = new Map();
outbox.hear(({ key, outcome }) => awaited.get(key)?.(outcome));

/** What becomes of an entry within a time; undefined where nobody knows by then. */
export function outcomeOf(/** @type {string} */ key, /** @type {number} */ within_ms) {
  return new Promise((/** @type {(outcome: Outcome | undefined) => void} */ tell) => {
    const late = setTimeout(() => settle(undefined), within_ms);
    const settle = (/** @type {Outcome | undefined} */ outcome) => {
      clearTimeout(late);
      awaited.delete(key);
      tell(outcome);
    };
    awaited.set(key, settle);
  });
}

const asked = (/** @type {RequestInit} */ more) => ({ headers: { Accept: "application/json" }, signal: AbortSignal.timeout(GIVES_UP_AFTER_MS), ...more });

/** Whose a name is and where its entries go, as the clinic says now. Throws where it is not reached. */
export async function whereabouts(/** @type {string} */ name, { anew = false } = {}) {
  const kept = places.get(name);
  if (kept && !anew && Date.now() - kept.at < KNOWN_FOR_MS) return kept;
  const answer = await fetch(`/offline/${name}/`, asked({}));
  if (answer.status >= 500) throw new Error(String(answer.status));
  const told = answer.ok ? await answer.json() : {};
  const found = { ...told, status: answer.status, at: Date.now() };
  if (answer.ok) places.set(name, found);
  else places.delete(name);
  return found;
}

/** What the page was told of its own session when it was opened. */
export const place = (/** @type {string} */ name, /** @type {any} */ told) => places.set(name, { ...told, status: 200, at: Date.now() });

// --- one entry -------------------------------------------------------------------------------

function bodyOf(/** @type {import("./outbox.js").Entry} */ entry, /** @type {Where} */ where) {
  const body = new URLSearchParams(entry.fields);
  body.set("csrfmiddlewaretoken", where.csrf);
  body.set("shown_for", where.session);
  body.set("typed_as", entry.name);
  body.set("sent_at", new Date().toISOString());
  if (entry.tries > 0 || Date.now() - entry.made > FRESH_MS) {
    body.set("waited", "yes");
    body.set("observed_at", entry.at);
    body.delete("minutes_ago");
  }
  return body;
}

/** @returns {Promise<Outcome>} */
async function send(/** @type {import("./outbox.js").Entry} */ entry) {
  let where = await whereabouts(entry.name);
  if (where.status !== 200) return unheard(where.status);
  if (!where.mine) return { waits: "somebody else" };
  const body = bodyOf(entry, where);
  await outbox.trying(entry.id);
  let answer = await fetch(where.ways[entry.what], asked({ method: "POST", body }));
  if (answer.status === 403 && !isJson(answer)) {
    // The page's token is older than the sign-in.
    where = await whereabouts(entry.name, { anew: true });
    if (where.status !== 200 || !where.mine) return unheard(where.status === 200 ? 403 : where.status);
    body.set("csrfmiddlewaretoken", where.csrf);
    answer = await fetch(where.ways[entry.what], asked({ method: "POST", body }));
  }
  return heard(answer);
}

const isJson = (/** @type {Response} */ answer) => answer.headers.get("Content-Type")?.includes("json") ?? false;

/** @returns {Promise<Outcome>} */
async function heard(/** @type {Response} */ answer) {
  const told = isJson(answer) ? await answer.json() : {};
  if (answer.ok && told.number) return { done: true, number: told.number, id: told.id };
  if (told.locked) return { waits: "locked", locked: true, refused: told.error };
  if (answer.status === 404) return { refused: "You may not chart this, or no longer." };
  if (answer.status >= 400 && answer.status < 500 && isJson(answer)) return { refused: told.error ?? "Not taken.", asks: told.asks };
  return unheard(answer.status);
}

/** @returns {Outcome} */
function unheard(/** @type {number} */ status) {
  if (status === 401) return { waits: "signed out", signedOut: true };
  if (status === 403) return { waits: "locked", locked: true };
  if (status === 404) return { waits: "not yours to see" };
  return { waits: "the clinic" };
}

// --- all of them -----------------------------------------------------------------------------

/** @type {Promise<void> | undefined} */
let running;
let wanted = false;

/** Send what can be sent. Never throws; called again while it runs, it looks once more. */
export function drain() {
  wanted = true;
  running ??= navigator.locks
    .request("clinic-outbox", async () => {
      while (wanted) {
        wanted = false;
        await sendAll();
      }
    })
    .catch(() => {}) // not reached, or wiped meanwhile: what waits goes on waiting
    .finally(() => {
      running = undefined;
    });
  return running;
}

async function sendAll() {
  const passedOver = new Set();
  for (const entry of await outbox.all()) {
    if (entry.state !== "waits" || !entry.claimed || passedOver.has(entry.name)) continue;
    const outcome = await send(entry).catch(() => ({ waits: "the clinic" }));
    if (outcome.done) await outbox.remove(entry.id);
    else if (outcome.refused && !outcome.waits) await outbox.refuse(entry, outcome.refused);
    outbox.tell({ key: entry.key, outcome });
    if (!outcome.waits) continue;
    passedOver.add(entry.name);
    if (["the clinic", "signed out", "locked"].includes(outcome.waits)) return;
  }
}
