// <lz-editor> around a form with a textarea: Ctrl+Enter sends it, and a button with data-inserts puts its text where the cursor is.
class Editor extends HTMLElement {
  connectedCallback() {
    this.area = this.querySelector("textarea");
    this.area.addEventListener("keydown", event => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.area.form.requestSubmit();
      }
    });
    this.dataset.ready = "";
  }

  insert(text) {
    this.area.setRangeText(text, this.area.selectionStart, this.area.selectionEnd, "end");
    this.area.focus();
  }
}
customElements.define("lz-editor", Editor);

document.addEventListener("click", event => {
  const button = event.target.closest("[data-inserts]");
  if (button) document.querySelector("lz-editor")?.insert(button.dataset.inserts);
});
