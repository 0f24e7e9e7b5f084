// <lz-pair>: what stands twice on a page, in a list and on a map, lights up together. Both bear data-pair="its name"; the one in the list is marked data-row too.
// Choosing one on the map brings its row into view; where the list has no row of it, its link is followed as ever.
class Pair extends HTMLElement {
  connectedCallback() {
    for (const kind of ["mouseover", "focusin"]) this.addEventListener(kind, event => this.light(event.target));
    this.addEventListener("click", event => {
      const mark = event.target.closest("[data-pair]");
      const row = mark && !mark.hasAttribute("data-row") && this.row(mark.dataset.pair);
      if (!row || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      // The row moves under the pointer: what was chosen stays lit whatever that comes to lie on.
      this.chosen = mark.dataset.pair;
      this.light(mark);
      row.scrollIntoView({ block: "center" });
      row.querySelector("a")?.focus({ preventScroll: true });
    });
    this.dataset.ready = "";
  }

  row(name) {
    return [...this.querySelectorAll("[data-row]")].find(row => row.dataset.pair === name);
  }

  light(target) {
    const name = target.closest?.("[data-pair]")?.dataset.pair;
    for (const one of this.querySelectorAll("[data-pair]")) one.classList.toggle("lz-paired", one.dataset.pair === name || one.dataset.pair === this.chosen);
  }
}
customElements.define("lz-pair", Pair);
