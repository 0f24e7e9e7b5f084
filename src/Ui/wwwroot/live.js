// <lz-live id src running every>: while "running" is set, fetches src (the page itself by default) and takes its own content from it;
// at the end also that of elements elsewhere on the page with an id and data-live="its id", such as the buttons for what has ended.
class Live extends HTMLElement {
  connectedCallback() {
    this.dataset.ready = "";
    this.schedule();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  schedule() {
    clearTimeout(this.timer);
    if (this.hasAttribute("running")) this.timer = setTimeout(() => this.refresh(), Number(this.getAttribute("every")) || 1500);
  }

  end(doc) {
    for (const other of document.querySelectorAll(`[data-live="${this.id}"]`)) {
      other.replaceChildren(...(doc.getElementById(other.id)?.childNodes ?? []));
    }
  }

  async refresh() {
    try {
      const answer = await fetch(this.getAttribute("src") || location.href, { headers: { Accept: "text/html" } });
      if (answer.ok && !answer.redirected) {
        const doc = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = doc.getElementById(this.id);
        if (fresh) {
          this.replaceChildren(...fresh.childNodes);
          this.toggleAttribute("running", fresh.hasAttribute("running"));
          if (!this.hasAttribute("running")) this.end(doc);
        }
      }
    } catch {
      // The next turn tries again: a host that restarts is back in seconds.
    }
    this.schedule();
  }
}
customElements.define("lz-live", Live);
