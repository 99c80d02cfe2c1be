// The board goes on by itself. Without this file it is loaded again by hand.
// @ts-check

import { age, readClock } from "./ages.js";

const line = /** @type {HTMLElement} */ (document.getElementById("board-line"));
const board = /** @type {HTMLElement} */ (document.getElementById("board"));
const AGAIN_MS = 3_000;
const LOST_AFTER_MS = 10_000;

/** When the clinic last answered, by this device's own steady clock. */
let heard = performance.now();

const saidAt = () => /** @type {HTMLElement | null} */ (board.querySelector("[data-now]"))?.dataset.now;

function say(/** @type {string} */ words, /** @type {boolean} */ lost) {
  if (line.textContent !== words) line.textContent = words;
  line.classList.toggle("lost", lost);
}

async function fetchTiles() {
  try {
    const answer = await fetch(line.dataset.tiles ?? "", { headers: { Accept: "text/html", "HX-Request": "true" } });
    if (answer.status === 401) return say("Signed out: no longer live. What this board shows is getting old. Sign in again.", true);
    if (!answer.ok) throw new Error(String(answer.status));
    board.innerHTML = await answer.text();
    heard = performance.now();
    readClock(saidAt());
    age(board);
    say("Live: what is charted stands here within seconds.", false);
  } catch {
    if (performance.now() - heard > LOST_AFTER_MS)
      say("This board has lost the clinic. What it shows is getting old. Watch the bedside monitors.", true);
  }
}

readClock(saidAt());
age(board);
setInterval(() => age(board), 1000);
setInterval(fetchTiles, AGAIN_MS);
fetchTiles();
