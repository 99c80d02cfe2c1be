// A card to answer each alarm by, beside the panel: what is typed into one outlives the panel.
// @ts-check

const place = document.getElementById("answer-alarms");
const kept = /** @type {HTMLTemplateElement | null} */ (place?.querySelector("template") ?? null);

/** A card for an alarm that has just risen, from the one that the page keeps for it. */
function card(/** @type {HTMLElement} */ alarm) {
  const id = alarm.dataset.alarm ?? "";
  const made = /** @type {HTMLElement} */ (kept?.content.firstElementChild?.cloneNode(true));
  for (const form of made.querySelectorAll("form"))
    form.setAttribute("action", form.getAttribute("action")?.replace(made.dataset.answersAlarm ?? "", id) ?? "");
  made.dataset.answersAlarm = id;
  const said = made.querySelector(".called-by");
  if (said) said.innerHTML = alarm.querySelector("p")?.innerHTML ?? "";
  kept?.before(made);
}

/** Whether somebody types in it: that is never taken from under a hand. */
const inUse = (/** @type {HTMLElement} */ one) =>
  [.../** @type {NodeListOf<HTMLInputElement>} */ (one.querySelectorAll("input.box"))].some((box) => box.value || box === document.activeElement);

function take(/** @type {HTMLElement} */ one) {
  const held = one.contains(document.activeElement);
  one.remove();
  if (held) place?.focus({ preventScroll: true }); // the next Tab goes on from here
}

/** A card an alarm that the panel shows, and no other. */
export function follow(/** @type {HTMLElement} */ panel) {
  if (!place || !kept) return;
  const shown = [.../** @type {NodeListOf<HTMLElement>} */ (panel.querySelectorAll("[data-alarm]"))];
  const ids = new Set(shown.map((each) => each.dataset.alarm));
  const cards = [.../** @type {NodeListOf<HTMLElement>} */ (place.querySelectorAll("[data-answers-alarm]"))];
  for (const each of cards) if (!ids.has(each.dataset.answersAlarm) && !inUse(each)) take(each);
  const known = new Set(cards.map((each) => each.dataset.answersAlarm));
  for (const each of shown) if (!known.has(each.dataset.alarm)) card(each);
  const pause = /** @type {HTMLElement | null} */ (place.querySelector("[data-pauses]"));
  if (pause) pause.hidden = !ids.size;
}
