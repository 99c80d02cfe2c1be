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
  line().textContent =
    "This page has lost the clinic. What it shows is getting old. Alerts may not reach you here: phone.";
};
document.addEventListener("htmx:afterRequest", (event) => {
  const { successful, xhr } = event.detail;
  if (successful) line().textContent = signedOut(xhr, event.detail.pathInfo) ? SIGNED_OUT : "";
  else if (xhr.status === 0 || xhr.status >= 500) lost();
});

// A fragment that comes back as the sign-in page means that the session ended: it is not shown in
// the fragment's place. A red line that says the same again is left, so that it is read aloud once.
const SIGNED_OUT =
  "You are signed out, and what this page shows is getting old. Sign in again in another tab.";
const signedOut = (xhr, pathInfo) => {
  const came = new URL(xhr.responseURL || location.href).pathname;
  return came.endsWith("/login/") && !pathInfo.requestPath.includes(came);
};
const textOf = (html) => new DOMParser().parseFromString(html, "text/html").body.textContent.trim();
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, target, pathInfo, serverResponse } = event.detail;
  const same = target.id === "loop-line" && target.textContent.trim() === textOf(serverResponse);
  if (same || signedOut(xhr, pathInfo)) event.detail.shouldSwap = false;
});

// A page that asks for a proof of identity carries what was typed: show it, although it is a refusal.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.getResponseHeader("X-Proof")) event.detail.shouldSwap = true;
});
