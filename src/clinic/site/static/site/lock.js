// Locks this page at the moment the server locks the sign-in, and unlocks it with any tab. Without
// this file the server's next answer does it.
//
// Locked, no name stands in the page: what is marked `data-named` loses its content, and anything
// else than a console or a board loses the whole of its main part. Names come back only in a page
// that the server gave out anew, to the same person.

const lockForm = document.getElementById("lock");
const PING_EVERY_MS = 60_000;
const HIDDEN = "Names and notes are hidden.";
const WORDS = "main :is(textarea.box, input.box:not([inputmode=decimal], [type=password]))";
const title = document.title;
const main = document.getElementById("main");

const LEFT_MS = Number(document.body.dataset.idleS ?? 0) * 1000;
let locksAt = Date.now() + Number(document.body.dataset.idleS ?? 0) * 1000;
let pinged = Date.now();
let asking = false;
/** What was typed in words, and the main part of a page that is not read while locked. */
const typedWords = new Map();
let put = null;
const isLocked = () => document.body.classList.contains("locked");
const staysRead = () => document.body.matches(".console, .board");
const lockWords = (words) => (lockForm.querySelector(".lock-words").textContent = words);

// --- names off -------------------------------------------------------------------------------

function takeNamesOff(root) {
  for (const named of root.querySelectorAll("[data-named]")) {
    const instead = named.dataset.instead ?? "";
    if (named.textContent !== instead || named.childElementCount) named.replaceChildren(instead);
  }
}

function hideAll() {
  delete document.body.dataset.name;
  document.title = "Locked";
  if (document.body.dataset.lockedBy) return; // the server gave it out without a name
  if (!staysRead()) {
    if (somethingTyped()) document.body.dataset.keeps = "yes";
    put = document.createDocumentFragment();
    put.append(...main.childNodes);
    main.append("What stood here comes back once this screen is unlocked.");
    return;
  }
  takeNamesOff(document);
  for (const told of main.querySelectorAll(".told")) told.remove();
  for (const field of document.querySelectorAll(WORDS)) {
    if (field.value) typedWords.set(field, field.value);
    field.value = "";
  }
}

// What is pushed into a locked page loses its names before anybody can read them.
const watcher = new MutationObserver(() => takeNamesOff(document));
const watch = () => watcher.observe(document.body, { childList: true, subtree: true });

function lock() {
  if (isLocked() || document.body.classList.contains("asks")) return;
  document.body.classList.add("locked");
  lockForm.hidden = false;
  lockWords(HIDDEN);
  takeNamesOff(document.querySelector("header.bar"));
  hideAll();
  if (staysRead()) watch();
  else document.getElementById("lock-secret").focus();
}

// --- names back ------------------------------------------------------------------------------

/** Ask the server for the page again; only what it gives to the same person is shown. */
async function reveal() {
  if (asking || !isLocked() || document.body.classList.contains("asks")) return;
  asking = true;
  try {
    const again = document.querySelector("[data-again]")?.dataset.again ?? lockForm.dataset.unlock;
    const answer = await fetch(again, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || page.body.classList.contains("locked")) lockWords("The names did not come. Load this page again.");
    else if (page.body.dataset.user !== document.body.dataset.user)
      lockWords("Somebody else is signed in now. Load this page again.");
    else unlockWith(page);
  } catch {
    lockWords("The clinic cannot be reached: names stay hidden.");
  } finally {
    asking = false;
  }
}

function unlockWith(page) {
  if (document.body.dataset.lockedBy) return location.reload();
  watcher.disconnect();
  document.body.classList.remove("locked");
  lockForm.hidden = true;
  document.title = title;
  for (const named of document.querySelectorAll("[data-named]")) {
    const fresh = page.querySelector(`[data-named="${CSS.escape(named.dataset.named)}"]`);
    if (fresh) named.replaceChildren(...document.importNode(fresh, true).childNodes);
  }
  if (put) main.replaceChildren(put);
  put = null;
  delete document.body.dataset.keeps;
  const token = page.querySelector("[name=csrfmiddlewaretoken]")?.value;
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token ?? field.value;
  // What was typed in the meantime stays behind it.
  for (const [field, words] of typedWords) field.value = [words, field.value].filter(Boolean).join(" ");
  typedWords.clear();
  askAgain();
}

/** What a page asks for by itself stopped while it was away. */
function askAgain() {
  if (staysRead()) return;
  for (const polled of main.querySelectorAll('[hx-trigger*="every "]')) {
    const copy = polled.cloneNode(true);
    polled.replaceWith(copy);
    window.htmx?.process(copy);
  }
}

// --- the server's clock ----------------------------------------------------------------------

/** The server said how many seconds are left. */
function heardLeft(seconds) {
  if (seconds === null || seconds === "") return;
  locksAt = Date.now() + Number(seconds) * 1000;
  if (Number(seconds) <= 0) lock();
  else reveal();
}

async function post(url, fields) {
  const body = new URLSearchParams({ csrfmiddlewaretoken: lockForm.querySelector("[name=csrfmiddlewaretoken]").value, ...fields });
  const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" } });
  heardLeft(answer.headers.get("X-Idle-S"));
  return answer;
}

function acted() {
  if (isLocked() || Date.now() - pinged < PING_EVERY_MS) return;
  pinged = Date.now();
  // Not reached, this page keeps the time itself: somebody who charts offline is there.
  post(lockForm.dataset.awake, {}).catch(() => (locksAt = Date.now() + LEFT_MS));
}

async function unlock(event) {
  event.preventDefault();
  const secret = document.getElementById("lock-secret");
  try {
    const answer = await post(lockForm.dataset.unlock, { "unlock-secret": secret.value });
    if (answer.ok) lockWords("Unlocked. The names are on their way.");
    else if (answer.status === 401) lockWords("You are signed out. Sign in again in another tab, then come back.");
    else lockWords((await answer.json()).error ?? "That did not unlock it.");
  } catch {
    lockWords("Not sent: the clinic cannot be reached. Try again.");
  }
  secret.value = "";
}

// What was typed in words is put away while locked: a form sent now would go without it.
function hold(event) {
  const form = event.target;
  if (!isLocked() || document.body.dataset.lockedBy || !main.contains(form) || form.matches("[data-helps]")) return;
  if (document.body.classList.contains("asks")) return;
  // No PIN can be taken offline: what is charted is kept, and nobody's until somebody says so.
  if (document.body.dataset.cut && form.matches("[data-outbox]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  lockWords("Locked: type your PIN. What you typed is still here.");
  document.getElementById("lock-secret").focus({ preventScroll: true });
}

if (lockForm) {
  setInterval(() => Date.now() >= locksAt && lock(), 1000);
  for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, acted, { passive: true });
  addEventListener("submit", hold, { capture: true });
  lockForm.addEventListener("submit", unlock);
  document.addEventListener("htmx:afterRequest", (event) => heardLeft(event.detail.xhr.getResponseHeader("X-Idle-S")));
  document.addEventListener("clinic:locked", () => heardLeft("0"));
  if (isLocked() && staysRead()) watch();
}
