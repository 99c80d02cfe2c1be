// Ages that go on counting, and figures that go blank at their limit, on the clinic's own clock.
// @ts-check

/** How far this device's clock lies from the clinic's, in ms. */
let skew = 0;

export const now = () => Date.now() + skew;

/** @param {string | undefined} said the clinic's time, as a page brought it */
export function readClock(said) {
  if (said) skew = Date.parse(said) - Date.now();
}

/** How far it lies, to be kept; and as it was kept. */
export const skewMs = () => skew;
export const setSkew = (/** @type {number} */ ms) => {
  skew = ms;
};

/** @param {number} ms */
function span(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min ago`;
  return `${Math.floor(seconds / 3600)} h ago`;
}

/** Words anew, where they are others: each change is a page laid out anew. */
function word(/** @type {Element} */ place, /** @type {string} */ words) {
  if (place.textContent !== words) place.textContent = words;
}

/**
 * Every number with its age; blank at its limit, whether or not the clinic can be reached.
 * @param {HTMLElement} place
 */
export function age(place) {
  for (const element of place.querySelectorAll("[data-age-of]")) {
    const of = /** @type {HTMLElement} */ (element);
    word(of, span(now() - Date.parse(of.dataset.ageOf ?? "")));
  }
  for (const element of place.querySelectorAll("[data-stale-at]:not(.stale)")) {
    const vital = /** @type {HTMLElement} */ (element);
    if (now() <= Date.parse(vital.dataset.staleAt ?? "")) continue;
    vital.classList.add("stale");
    const figure = vital.querySelector(".figure");
    if (figure) figure.textContent = "–";
    vital.querySelector(".age")?.insertAdjacentHTML("beforeend", " <strong>too old, measure again</strong>");
    // The clinic raises the alarm; until it has, the console calls by itself.
    if (vital.closest("[data-calls]")) vital.dataset.sounds = "";
  }
  for (const element of place.querySelectorAll("[data-clock]")) {
    const since = /** @type {HTMLElement} */ (element);
    const seconds = Math.max(0, Math.floor((now() - Date.parse(since.dataset.clock ?? "")) / 1000));
    word(since, `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
  }
  for (const element of place.querySelectorAll("[data-since]")) {
    const since = /** @type {HTMLElement} */ (element);
    const minutes = Math.floor((now() - Date.parse(since.dataset.since ?? "")) / 60000);
    word(since, `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`);
  }
}
