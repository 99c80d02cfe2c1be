// Locks this page at the moment the server locks the sign-in, and unlocks it with any tab. Without
// this file the server's next answer does it.

const lockForm = document.getElementById("lock");
const PING_EVERY_MS = 60_000;
const title = document.title;

let locksAt = Date.now() + Number(document.body.dataset.idleS ?? 0) * 1000;
let pinged = Date.now();
const isLocked = () => document.body.classList.contains("locked");

function show(locked) {
  if (locked === isLocked() || document.body.classList.contains("asks")) return;
  document.body.classList.toggle("locked", locked);
  lockForm.hidden = !locked;
  document.title = locked ? "Locked" : title;
  // Beside a chair the page is still read and help is called; anything else waits as a whole.
  if (document.body.matches(".console, .board")) return;
  document.getElementById("main").inert = locked;
  if (locked) document.getElementById("lock-secret").focus();
}

/** The server said how many seconds are left. */
function heardLeft(seconds) {
  if (seconds === null || seconds === "") return;
  locksAt = Date.now() + Number(seconds) * 1000;
  show(Number(seconds) <= 0);
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
  post(lockForm.dataset.awake, {}).catch(() => {}); // lost: the next answer says how it stands
}

async function unlock(event) {
  event.preventDefault();
  const secret = document.getElementById("lock-secret");
  const words = lockForm.querySelector(".lock-words");
  try {
    const answer = await post(lockForm.dataset.unlock, { "unlock-secret": secret.value });
    if (answer.ok) words.textContent = "Names and notes are hidden.";
    else if (answer.status === 401) words.textContent = "You are signed out. Sign in again in another tab, then come back.";
    else words.textContent = (await answer.json()).error ?? "That did not unlock it.";
  } catch {
    words.textContent = "Not sent: the clinic cannot be reached. Try again.";
  }
  secret.value = "";
}

if (lockForm) {
  setInterval(() => Date.now() >= locksAt && show(true), 1000);
  for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, acted, { passive: true });
  lockForm.addEventListener("submit", unlock);
  document.addEventListener("htmx:afterRequest", (event) => heardLeft(event.detail.xhr.getResponseHeader("X-Idle-S")));
  document.addEventListener("clinic:locked", () => heardLeft("0"));
}
