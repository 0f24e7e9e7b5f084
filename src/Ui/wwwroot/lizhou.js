// Comfort for pages that already work without it. Each island marks itself data-ready; tests wait for that.
import "./live.js";
import "./drawer.js";
import "./chart.js";
import "./editor.js";

// An open menu or confirmation closes with Escape or a click elsewhere, and gives the focus back.
const fleeting = ".lz-confirm[open], .lz-user[open], .lz-phone[open]";
document.addEventListener("keydown", event => {
  if (event.key !== "Escape") return;
  for (const open of document.querySelectorAll(fleeting)) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});
document.addEventListener("click", event => {
  for (const open of document.querySelectorAll(fleeting)) {
    if (!open.contains(event.target)) open.open = false;
  }
});

// A form is sent once, however often it is clicked.
document.addEventListener("submit", event => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
document.documentElement.dataset.ready = "";
