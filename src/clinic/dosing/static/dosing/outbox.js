// What waits on this device until the clinic has taken it: sealed, and under a name that says nothing.
// @ts-check

const DATABASE = "clinic-console";
const KEY = "device";
const GAP_MS = 10_000; // what is shorter and held nothing up was a slow moment. Ours, mark P
const told = new BroadcastChannel("clinic-outbox");
const words = new TextEncoder();

/** @typedef {{ name: string, what: string, fields: [string, string][], at: string, said: string, claimed: boolean, fresh: boolean }} Typed */
/** @typedef {Typed & { id: number, key: string, state: string, tries: number, made: number, refused: string }} Entry */
/** @typedef {{ name: string, path: string, label: string, product: string, route: string, used: number, cut: string, skew: number, idle: number }} Known */

/** @type {Promise<any> | undefined} */
let opened;

export const isPossible = () =>
  isSecureContext && !!crypto.subtle && !!navigator.locks && "indexedDB" in window && "serviceWorker" in navigator;

/** Whether anything was ever kept here. Asking makes nothing. */
export const isThere = async () => isPossible() && (await indexedDB.databases()).some((each) => each.name === DATABASE);

function database() {
  opened ??= begin().catch((error) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

async function begin() {
  const { openDB } = await import("../front-end/idb.js");
  return openDB(DATABASE, 1, {
    upgrade(/** @type {any} */ base) {
      base.createObjectStore("keys");
      base.createObjectStore("names", { keyPath: "name" });
      base.createObjectStore("entries", { keyPath: "id", autoIncrement: true }).createIndex("key", "key", { unique: true });
    },
    blocking(/** @type {any} */ _now, /** @type {any} */ _wanted, /** @type {any} */ event) {
      event.target.close(); // another tab wipes it
      opened = undefined;
    },
    terminated() {
      opened = undefined;
    },
  });
}

/** A change that is on the disk before anybody is told of it. */
const written = async (/** @type {string} */ store) => (await database()).transaction(store, "readwrite", { durability: "strict" });

// --- the seal --------------------------------------------------------------------------------

async function key() {
  const base = await database();
  const known = await base.get("keys", KEY);
  if (known) return known;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const change = await written("keys");
  const first = await change.store.get(KEY); // another tab may have been quicker
  if (!first) await change.store.put(made, KEY);
  await change.done;
  return first ?? made;
}

async function seal(/** @type {object} */ value, /** @type {string} */ about) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const how = { name: "AES-GCM", iv, additionalData: words.encode(about) };
  return { iv, data: await crypto.subtle.encrypt(how, await key(), words.encode(JSON.stringify(value))) };
}

async function unseal(/** @type {{ iv: Uint8Array, data: ArrayBuffer }} */ sealed, /** @type {string} */ about) {
  const how = { name: "AES-GCM", iv: sealed.iv, additionalData: words.encode(about) };
  return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(how, await key(), sealed.data)));
}

/** A session's address as what nobody can read back. */
export async function trace(/** @type {string} */ path) {
  const prefix = /^\/patients\/[0-9a-f-]{36}\/sessions\/[0-9a-f-]{36}\//.exec(path)?.[0] ?? "";
  const digest = prefix ? new Uint8Array(await crypto.subtle.digest("SHA-256", words.encode(prefix))) : [];
  return [...digest].map((each) => each.toString(16).padStart(2, "0")).join("");
}

// --- sessions that are recorded from here ----------------------------------------------------

/** @param {Omit<Known, "used" | "cut">} known */
export async function remember({ name, path, skew, idle, ...rest }) {
  const sealed = await seal(rest, name);
  const change = await written("names");
  const before = await change.store.get(name);
  await change.store.put({ name, path, skew, idle, sealed, used: Date.now(), cut: before?.cut ?? "", held: before?.held ?? false });
  await change.done;
}

/** @returns {Promise<Known[]>} the one used last first */
export async function known() {
  const rows = await (await database()).getAll("names");
  const read = rows.map(async (/** @type {any} */ { sealed, ...row }) => ({ ...row, ...(await unseal(sealed, row.name)) }));
  return (await Promise.all(read)).sort((a, b) => b.used - a.used);
}

async function alter(/** @type {string} */ name, /** @type {object} */ change) {
  const writing = await written("names");
  const row = await writing.store.get(name);
  if (row) await writing.store.put({ ...row, ...change });
  await writing.done;
}

/** Somebody works here now, in this session. */
export const used = (/** @type {string} */ name) => alter(name, { used: Date.now() });

/** The clinic is not reached since then; an earlier moment stands. */
export async function cut(/** @type {string} */ name, /** @type {string} */ since) {
  const row = await (await database()).get("names", name);
  if (row && !row.cut) await alter(name, { cut: since });
}

/** The clinic is reached again: how long it was not becomes an entry, once, whichever tab says it. */
export async function reached(/** @type {string} */ name, /** @type {string} */ until, /** @type {string} */ screen) {
  const row = await (await database()).get("names", name);
  if (!row?.cut) return;
  const held = row.held || (await (await database()).getAll("entries")).some((/** @type {any} */ each) => each.name === name);
  if (!held && Date.parse(until) - Date.parse(row.cut) < GAP_MS) return alter(name, { cut: "" });
  const fields = /** @type {[string, string][]} */ (Object.entries({ kind: "offline", until, console: screen, event_id: crypto.randomUUID() }));
  const sealed = await sealedEntry({ name, what: "chart", fields, at: row.cut, said: "Console offline", claimed: true, fresh: false });
  const change = (await database()).transaction(["names", "entries"], "readwrite", { durability: "strict" });
  const now = await change.objectStore("names").get(name);
  if (now?.cut) {
    await change.objectStore("names").put({ ...now, cut: "", held: false });
    await change.objectStore("entries").add(sealed);
  }
  await change.done;
  changed();
}

// --- what waits ------------------------------------------------------------------------------

async function sealedEntry(/** @type {Typed} */ { name, claimed, fresh, ...rest }) {
  const id = rest.fields.find(([field]) => field === "event_id")?.[1] ?? "";
  return { name, claimed, key: id, state: "waits", tries: 0, made: fresh ? Date.now() : 0, sealed: await seal(rest, name + id), refused: null };
}

/** Keep an entry. It is on the disk when this returns. @param {Typed} typed */
export async function put(typed) {
  const row = await sealedEntry(typed);
  const change = (await database()).transaction(["names", "entries"], "readwrite", { durability: "strict" });
  const names = change.objectStore("names");
  const known = await names.get(typed.name);
  if (known?.cut) await names.put({ ...known, held: true }); // also when another tab sends it first
  await change.objectStore("entries").add(row);
  await change.done;
  changed();
}

/** @returns {Promise<Entry[]>} everything that waits, in the order in which it was typed */
export async function all() {
  const rows = await (await database()).getAll("entries");
  return Promise.all(
    rows.map(async (/** @type {any} */ { sealed, refused, ...row }) => ({
      ...row,
      ...(await unseal(sealed, row.name + row.key)),
      refused: refused ? (await unseal(refused, row.key)).words : "",
    })),
  );
}

async function change(/** @type {number} */ id, /** @type {(row: any) => any} */ how) {
  const writing = await written("entries");
  const row = await writing.store.get(id);
  if (row) await writing.store.put(how(row));
  await writing.done;
  changed();
}

/** It is on its way, and may have arrived although nobody hears of it. */
export const trying = (/** @type {number} */ id) => change(id, (row) => ({ ...row, tries: row.tries + 1 }));

export async function refuse(/** @type {Entry} */ entry, /** @type {string} */ why) {
  const refused = await seal({ words: why }, entry.key);
  await change(entry.id, (row) => ({ ...row, state: "refused", refused }));
}

export const again = (/** @type {number} */ id) => change(id, (row) => ({ ...row, state: "waits", refused: null }));

/** Whoever is signed in says that they typed it: it goes under their name from now on. */
export async function claim(/** @type {Entry} */ entry, /** @type {string} */ name) {
  const { what, fields, at, said } = entry;
  const sealed = await seal({ what, fields, at, said }, name + entry.key);
  await change(entry.id, (row) => ({ ...row, name, claimed: true, sealed }));
}

export async function remove(/** @type {number} */ id) {
  const writing = await written("entries");
  await writing.store.delete(id);
  await writing.done;
  changed();
}

/** How many wait, and nothing of what they say. */
export const count = async () => ((await isThere()) ? (await database()).count("entries") : 0);

/** Nothing of any session stays on this device. */
export async function wipe() {
  const { deleteDB } = await import("../front-end/idb.js");
  (await opened)?.close();
  opened = undefined;
  await deleteDB(DATABASE);
  for (const name of await caches.keys()) await caches.delete(name);
  for (const each of await navigator.serviceWorker.getRegistrations()) await each.unregister();
  sessionStorage.clear();
  localStorage.clear();
}

// --- other tabs ------------------------------------------------------------------------------

/** @type {((message: any) => void)[]} */
const hearing = [];
export const hear = (/** @type {(message: any) => void} */ listener) => hearing.push(listener);
told.addEventListener("message", (event) => hearing.forEach((each) => each(event.data)));

/** To every tab, this one too. */
export function tell(/** @type {object} */ message) {
  told.postMessage(message);
  for (const each of hearing) each(message);
}
const changed = () => tell({ changed: true });
