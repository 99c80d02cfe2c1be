// What waits on this device, in words: how many, whose, what was refused and what to do about it.
// @ts-check

import * as outbox from "./outbox.js";
import { drain, whereabouts } from "./drain.js";
import { clock } from "./entries.js";

const many = (/** @type {number} */ count) => (count === 1 ? "1 entry" : `${count} entries`);
const make = (/** @type {string} */ tag, /** @type {object} */ more, /** @type {(Node | string)[]} */ ...inside) => {
  const element = Object.assign(document.createElement(tag), more);
  element.append(...inside);
  return element;
};
const button = (/** @type {string} */ words, /** @type {() => Promise<unknown>} */ press) => {
  const made = make("button", { type: "button", className: "button plain small", textContent: words });
  made.addEventListener("click", async () => {
    /** @type {HTMLButtonElement} */ (made).disabled = true;
    await press();
  });
  return made;
};

/**
 * Draw it, again whenever it changes.
 * @param {HTMLElement} place
 * @param {() => { name: string, isCut: boolean, since: string }} page this page's own name, if it has one
 */
export function show(place, page) {
  let again = 0;
  const soon = () => {
    clearTimeout(again);
    again = setTimeout(() => draw(place, page()).catch(() => {}), 50);
  };
  outbox.hear((message) => message.changed && soon());
  soon();
  return soon;
}

async function draw(/** @type {HTMLElement} */ place, /** @type {{ name: string, isCut: boolean, since: string }} */ page) {
  const rows = (await outbox.isThere()) ? await outbox.all() : [];
  const inside = [];
  if (rows.length || page.isCut) inside.push(make("p", { className: "counted" }, headline(rows.length, page)));
  const groups = Map.groupBy(rows, (row) => (row.state === "refused" ? "refused" : row.claimed ? row.name : "nobody"));
  for (const [group, found] of groups) inside.push(...(await told(group, found, page)));
  place.replaceChildren(...inside);
  place.hidden = !inside.length;
  place.dataset.count = String(rows.length);
}

function headline(/** @type {number} */ count, /** @type {{ isCut: boolean, since: string }} */ page) {
  const since = page.isCut && page.since ? `Offline since ${clock(page.since)}. ` : "";
  if (!count) return `${since}What you chart is kept on this device until the clinic is back.`;
  return `${since}${many(count)} on this device ${count === 1 ? "waits" : "wait"} for the clinic. Do not close the browser for good.`;
}

async function told(/** @type {string} */ group, /** @type {outbox.Entry[]} */ found, /** @type {{ name: string, isCut: boolean }} */ page) {
  if (group === "refused") return [list("Not taken by the clinic. What came after it was sent.", found, refused)];
  if (group === "nobody") return [unproven(found, page)];
  const where = page.isCut || group === page.name ? undefined : await whereabouts(group).catch(() => undefined);
  if (where?.status === 200 && !where.mine)
    return [make("p", {}, `${many(found.length)} of them ${where.typed_by} typed. They are sent when ${where.typed_by} signs in on this device and opens the session.`)];
  if (where?.status === 404) return [make("p", {}, `${many(found.length)} of them belong to a session that is not yours to see. Whoever typed them signs in here.`)];
  return [list("", found, () => [])];
}

/** Typed while the screen was locked, or by somebody who was not signed in. */
function unproven(/** @type {outbox.Entry[]} */ found, /** @type {{ name: string, isCut: boolean }} */ page) {
  const locked = document.body.classList.contains("locked");
  const mine = found.filter((each) => each.name === page.name);
  const words = "Typed while nobody had shown who they were. Whoever typed them signs in or unlocks here, and says so.";
  const claim = async () => {
    for (const each of mine) await outbox.claim(each, page.name);
    drain();
  };
  const made = list(words, found, () => []);
  if (mine.length && !page.isCut && !locked) made.append(button("I typed these: send them under my name", claim));
  return made;
}

function refused(/** @type {outbox.Entry} */ entry) {
  const again = async () => {
    await outbox.again(entry.id);
    drain();
  };
  const note = async () => {
    const said = `Typed at ${clock(entry.at)} and not taken as it stood: ${entry.said}. The clinic said: ${entry.refused}`;
    const fields = /** @type {[string, string][]} */ (Object.entries({ event_id: crypto.randomUUID(), note: said }));
    await outbox.put({ name: entry.name, what: "note", fields, at: new Date().toISOString(), said: `Observation: ${said}`, claimed: entry.claimed, fresh: true });
    await outbox.remove(entry.id);
    drain();
  };
  return [make("strong", {}, entry.refused), button("Send it again", again), button("Chart it as an observation in words", note)];
}

function list(/** @type {string} */ words, /** @type {outbox.Entry[]} */ rows, /** @type {(row: outbox.Entry) => Node[]} */ more) {
  const items = rows.map((row) => make("li", {}, make("time", { dateTime: row.at, textContent: clock(row.at) }), make("span", { textContent: row.said }), ...more(row)));
  return make("div", { className: "waits" }, ...(words ? [make("p", {}, words)] : []), make("ol", {}, ...items));
}
