// <lz-live id src running every>: while "running" is set, fetches src (the page itself by default) and takes its own content from it;
// with "stream" an address of Server-Sent Events: whenever something is heard there, at most once in "pause" milliseconds, a second by default; what is new in it then shows (data-fresh names a state of a thing);
// at the end also that of elements elsewhere on the page with an id and data-live="its id", such as the buttons for what has ended.
class Live extends HTMLElement {
  connectedCallback() {
    this.dataset.ready = "";
    this.schedule();
    this.listen();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    this.source?.close();
    if (this.seen) document.removeEventListener("visibilitychange", this.seen);
  }

  schedule() {
    clearTimeout(this.timer);
    if (this.hasAttribute("running")) this.timer = setTimeout(() => this.refresh(), Number(this.getAttribute("every")) || 1500);
  }

  listen() {
    if (!this.hasAttribute("stream") || !globalThis.EventSource) return;
    this.open();
    // A browser has six lines to a host: a page nobody looks at gives its own back, and looks anew when it is seen again.
    this.seen = () => {
      if (document.hidden) { this.source.close(); delete this.dataset.heard; }
      else { this.open(); this.refresh(); }
    };
    document.addEventListener("visibilitychange", this.seen);
  }

  open() {
    this.source?.close();
    this.source = new EventSource(this.getAttribute("stream"));
    this.source.onopen = () => { this.dataset.heard = ""; };
    this.source.onerror = () => { delete this.dataset.heard; };
    this.source.addEventListener("change", () => {
      if (!this.due) this.due = setTimeout(() => { this.due = 0; this.refresh(); }, Number(this.getAttribute("pause")) || 1000);
    });
  }

  // What has the focus keeps it, and what was not there before shows that it is new.
  take(nodes) {
    const known = new Set([...this.querySelectorAll("[data-fresh]")].map(one => one.dataset.fresh));
    const at = document.activeElement;
    const href = this.contains(at) && at.getAttribute("href");
    this.replaceChildren(...nodes);
    for (const one of this.querySelectorAll("[data-fresh]")) one.classList.toggle("lz-fresh", !known.has(one.dataset.fresh));
    if (href) this.querySelector(`[href="${CSS.escape(href)}"]`)?.focus({ preventScroll: true });
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
          this.take(fresh.childNodes);
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
