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
  if (successful) line().textContent = "";
  else if (xhr.status === 0 || xhr.status >= 500) lost();
});

// A page that asks for a proof of identity carries what was typed: show it, although it is a refusal.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.getResponseHeader("X-Proof")) event.detail.shouldSwap = true;
});
