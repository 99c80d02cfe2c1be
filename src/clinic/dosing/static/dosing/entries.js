// From a form to an entry that can wait, and back into words.
// @ts-check

import { now } from "./ages.js";

const OURS = ["csrfmiddlewaretoken", "shown_for", "sent_at"];
export const clock = (/** @type {string | number | Date} */ moment) =>
  new Date(moment).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/**
 * What a form says, with the moment at which it was true by the clinic's clock.
 * @param {HTMLFormElement} form @param {FormData} body @param {HTMLElement | null} submitter
 */
export function typed(form, body, submitter) {
  const fields = [...body].filter(([name]) => !OURS.includes(name)).map(([name, value]) => /** @type {[string, string]} */ ([name, String(value)]));
  const ago = fields.find(([name]) => name === "minutes_ago")?.[1].trim().replace(",", ".") ?? "";
  const minutes = Number(ago || 0);
  const at = new Date(now() - minutes * 60_000);
  return { what: form.dataset.outbox ?? "", fields, said: inWords(form, submitter), at: Number.isNaN(at.valueOf()) ? "" : at.toISOString() };
}

/** What keeps it from being kept: nobody can be asked about it later. */
export function wrong(/** @type {HTMLFormElement} */ form) {
  const ago = /** @type {HTMLInputElement | null} */ (form.elements.namedItem("minutes_ago"))?.value.trim().replace(",", ".") ?? "";
  if (ago && !(Number(ago) >= 0 && Number(ago) <= 1440)) return "Minutes ago: give 0 to 1440.";
  for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("input[data-low]"))) {
    const value = box.value.trim().replace(",", ".");
    const [low, high] = [Number(box.dataset.low), Number(box.dataset.high)];
    if (value && !(Number(value) >= low && Number(value) <= high)) return `${label(box)}: ${box.value} is not possible. Give ${low} to ${high}.`;
  }
  const needed = /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("[data-needed]"));
  for (const box of needed) if (!box.value.trim() && box.checkVisibility()) return `${label(box)}: type it.`;
  const boxes = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("input.box[data-low]")]);
  if (boxes.length && boxes.every((box) => !box.value.trim())) return "Nothing is typed yet.";
  return "";
}

const text = (/** @type {Element | null | undefined} */ element) => (element?.textContent ?? "").replace(/\s+/g, " ").trim();

function label(/** @type {HTMLInputElement} */ field) {
  const own = field.labels?.[0];
  const copy = /** @type {HTMLElement | undefined} */ (own?.cloneNode(true));
  for (const inner of copy?.querySelectorAll("input, select, textarea") ?? []) inner.remove();
  return text(copy) || field.name;
}

/** As it stands in a list of what waits, and on paper. */
function inWords(/** @type {HTMLFormElement} */ form, /** @type {HTMLElement | null} */ submitter) {
  const parts = [];
  for (const field of /** @type {Iterable<HTMLInputElement>} */ (form.elements)) {
    if (!field.name || field.type === "hidden" || field.localName === "button" || !field.value.trim()) continue;
    if ((field.type === "radio" || field.type === "checkbox") && !field.checked) continue;
    const group = field.type === "radio" ? text(field.closest("fieldset")?.querySelector("legend")) : "";
    const value = field.localName === "select" ? text(/** @type {any} */ (field).selectedOptions[0]) : field.value;
    parts.push(field.type === "checkbox" ? label(field) : `${group || label(field)} ${group ? label(field) : value}`);
  }
  const scale = text(form.querySelector("p.label"));
  const pressed = submitter && (submitter.getAttribute("name") || !parts.length) ? text(submitter) : "";
  const head = text(form.querySelector("h3")) || scale || text(form.closest("section")?.querySelector("h2"));
  return [head, [pressed, ...parts].filter(Boolean).join(", ")].filter(Boolean).join(": ");
}
