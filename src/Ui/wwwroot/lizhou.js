// Comfort for pages that already work without it. Each island marks itself data-ready; tests wait for that.
import "./live.js";
import "./drawer.js";
import "./chart.js";
import "./editor.js";
import "./pair.js";

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

// A form is sent once, however often it is clicked; one that is answered with a file leaves its page where it is, and may be sent again.
document.addEventListener("submit", event => {
  const form = event.target;
  if (form.method !== "post" || form.matches("[data-file]")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});
// What a page noted of who is signed in goes with them.
document.addEventListener("submit", event => event.target.getAttribute("action") === "/sign-out" && localStorage.removeItem("lz-me"));
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
// A form that asks only what to show follows its fields.
document.addEventListener("change", event => event.target.form?.matches("[data-follows]") && event.target.form.requestSubmit());
document.documentElement.dataset.ready = "";
