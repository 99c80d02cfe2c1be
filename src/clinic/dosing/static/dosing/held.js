// The page of what waits on this device: to be sent, printed, left sealed or wiped, by a person's choice.
// @ts-check

import * as outbox from "./outbox.js";
import { drain, whereabouts } from "./drain.js";
import { show } from "./waiting.js";

const by = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const form = /** @type {HTMLFormElement} */ (by("sign-out"));

/** What waits under a name of whoever is signed in here would wait for nobody else. */
async function isAllOfOthers() {
  const names = new Set((await outbox.all()).map((each) => each.name));
  const found = await Promise.all([...names].map((name) => whereabouts(name).catch(() => undefined)));
  return found.every((each) => each && !each.mine);
}

async function draw() {
  const count = await outbox.count();
  by("empty").hidden = by("nothing").hidden = count > 0;
  by("waits").hidden = !count;
  by("stays").hidden = !count || !(await isAllOfOthers());
}

form.addEventListener("submit", async (event) => {
  if (form.dataset.sure) return;
  event.preventDefault();
  const count = await outbox.count();
  const chosen = count ? new FormData(form).get("device") : "wiped";
  by("choose").hidden = chosen !== null;
  if (chosen === null) return;
  if (chosen === "wiped") await outbox.wipe();
  if (!count) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "device", value: "wiped" }));
  form.dataset.sure = "yes";
  form.requestSubmit();
});

by("send").addEventListener("click", async () => {
  await drain();
  await draw();
});

if (outbox.isPossible()) {
  show(by("outbox"), () => ({ name: "", isCut: false, since: "" }));
  outbox.hear((message) => message.changed && draw());
  draw().then(drain);
}
