// Small refinements. Every page works without this file.

// A button with data-opens="id" opens that <dialog>; one with data-closes closes the one it is in.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-opens], [data-closes]");
  if (!button) return;
  if (button.dataset.opens) document.getElementById(button.dataset.opens).showModal();
  else button.closest("dialog").close();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-prints]")) window.print();
});

// A page that can no longer reach the clinic must say so: silence is not good news.
const line = () => document.getElementById("lost-line");
const lost = () => {
  line().textContent = line().dataset.lost ??
    "This page has lost the clinic. What it shows is getting old. Alerts may not reach you here: phone.";
};
document.addEventListener("htmx:afterRequest", (event) => {
  const { successful, xhr } = event.detail;
  if (successful && !waits()) line().textContent = "";
  else if (xhr.status === 401) signedOut(xhr.getResponseHeader("X-Sign-In") ?? "/account/login/");
  else if (xhr.status === 0 || xhr.status >= 500) lost();
});

// The session ended. A page on which nothing was typed goes to sign-in as a whole. One with words in
// it, or a console beside a chair, stays, says so, and can be sent once the same person has signed in
// again in another tab.
const isTyped = (field) =>
  field.type === "hidden" || field.closest("#loop-line, #lock, .bar")
    ? false
    : field.matches("select")
      ? [...field.options].some((option) => option.selected !== option.defaultSelected && option.value)
      : field.matches("[type=checkbox], [type=radio]")
        ? field.checked !== field.defaultChecked
        : field.value !== field.defaultValue;
// A locked page has put away what was typed, and says that it keeps it.
const somethingTyped = () => document.body.dataset.keeps !== undefined || [...document.querySelectorAll("input, select, textarea")].some(isTyped);

function signedOut(door) {
  if (waits()) return;
  const console = document.getElementById("live-line");
  if (!console && !somethingTyped()) return location.assign(door);
  line().dataset.waits = "yes";
  const link = Object.assign(document.createElement("a"), { href: door, target: "_blank", textContent: "Sign in again" });
  line().replaceChildren("You are signed out. What stands here unsent is not saved. ", link, " in another tab, come back, and send it. What this page shows is getting old.");
}

async function backAgain() {
  const answer = await fetch("/account/unlock/", { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = page.body.dataset;
  const token = page.querySelector("[name=csrfmiddlewaretoken]")?.value;
  if (!now.user || !token) return;
  const before = document.body.dataset.user;
  if (before && before !== now.user) {
    line().textContent = "Somebody else is signed in now. What is typed here would carry their name: copy it, and load this page again.";
    return;
  }
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
  delete line().dataset.waits;
  line().textContent = before ? "" : line().dataset.back.replace("NAME", now.name);
}
const waits = () => line()?.dataset.waits !== undefined;
setInterval(() => waits() && backAgain().catch(lost), 4000);

// A line that says the same again is left, so that it is read aloud once.
const textOf = (html) => new DOMParser().parseFromString(html, "text/html").body.textContent.trim();
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, serverResponse } = event.detail;
  if (target.id === "loop-line" && target.textContent.trim() === textOf(serverResponse))
    event.detail.shouldSwap = false;
});

// A page that asks for a proof of identity carries what was typed: show it, although it is a refusal.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.getResponseHeader("X-Proof")) event.detail.shouldSwap = true;
});
