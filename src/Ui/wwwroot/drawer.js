// <lz-drawer>: holds a <dialog>. One that came open from the server becomes modal; a button with data-opens="id" opens it.
class Drawer extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.dialog.addEventListener("close", () => this.closed());
    this.querySelector("[data-closes]")?.addEventListener("click", event => {
      event.preventDefault();
      this.dialog.close();
    });
    if (this.dialog.open) {
      this.dialog.removeAttribute("open");
      this.dialog.showModal();
    }
    this.dataset.ready = "";
  }

  closed() {
    const home = this.getAttribute("home");
    if (home) history.replaceState(null, "", home);
    (this.opener || document.getElementById(this.getAttribute("opener")))?.focus();
  }
}
customElements.define("lz-drawer", Drawer);

document.addEventListener("click", event => {
  const opener = event.target.closest("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (!dialog) return;
  event.preventDefault();
  dialog.closest("lz-drawer").opener = opener;
  dialog.showModal();
});
