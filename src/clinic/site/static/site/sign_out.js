// Signing out of a shared device: not while something waits on it, and nothing of a session stays.
// @ts-check

import * as outbox from "../dosing/outbox.js";

document.addEventListener("submit", async (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.matches("[data-signs-out]") || form.dataset.sure) return;
  event.preventDefault();
  if (await outbox.count()) return location.assign(form.dataset.signsOut ?? "");
  if (await outbox.isThere()) await outbox.wipe();
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "device", value: "wiped" }));
  form.dataset.sure = "yes";
  form.requestSubmit();
});
