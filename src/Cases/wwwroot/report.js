// <lz-reports>: keeps each report in the browser until the city has it. What cannot be sent waits, and goes when the line is back, under the key it was made with: sent twice, it is one case.
// What a signed-in person made is theirs alone: it is neither shown nor sent for anybody else. Without these abilities of the browser the form works as any other.
import { positionOf } from "./photo-position.js";

const most = { wait: 20_000, send: 120_000, sent: 20 };
const cacheName = "lz-report";

function opened() {
  return new Promise((done, fail) => {
    const door = indexedDB.open("lz-reports", 1);
    door.onupgradeneeded = () => door.result.createObjectStore("reports", { keyPath: "key" });
    door.onsuccess = () => done(door.result);
    door.onerror = () => fail(door.error);
  });
}

async function store(mode, act) {
  const db = await opened();
  try {
    return await new Promise((done, fail) => {
      const all = db.transaction("reports", mode);
      const wanted = act(all.objectStore("reports"));
      all.oncomplete = () => done(wanted.result);
      all.onerror = all.onabort = () => fail(all.error);
    });
  } finally {
    db.close();
  }
}

const put = report => store("readwrite", s => s.put(report));
const get = key => store("readonly", s => s.get(key));
const drop = key => store("readwrite", s => s.delete(key));
const listOf = async owner => (await store("readonly", s => s.getAll())).filter(r => r.owner === owner).sort((a, b) => a.at - b.at);

/** A fetch that gives up after some milliseconds. */
async function asked(after, what) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), after);
  try {
    const answer = await fetch("/report", { ...what, signal: stop.signal });
    return { answer, text: await answer.text() };
  } finally {
    clearTimeout(timer);
  }
}

class Reports extends HTMLElement {
  async connectedCallback() {
    this.form = this.querySelector("form");
    this.locator();
    this.form.elements.Photos.addEventListener("change", () => this.look());
    this.form.elements.Position.addEventListener("change", () => this.form.elements.Position.checked && this.locate(null));
    if (!isSecureContext || !navigator.serviceWorker || !navigator.locks || !globalThis.indexedDB) return;
    this.shell = this.hasAttribute("data-shell");
    // The form that opens without a line was drawn for nobody: whose browser this is, the last page with a line noted, and signing out forgets.
    if (!this.shell) this.dataset.owner ? localStorage.setItem("lz-me", this.dataset.owner) : localStorage.removeItem("lz-me");
    this.owner = (this.shell ? localStorage.getItem("lz-me") : this.dataset.owner) || "";
    for (const field of this.querySelectorAll(".lz-citizen")) field.hidden = this.owner !== "";
    this.form.addEventListener("submit", event => { event.preventDefault(); this.take(); });
    addEventListener("online", () => this.send());
    addEventListener("offline", () => this.show());
    document.addEventListener("visibilitychange", () => document.hidden || this.send());
    setInterval(() => this.send(), most.wait);
    await this.send();
    this.dataset.ready = "";
    await this.prepare();
    this.dataset.kept = "";
  }

  // A report is kept before it is sent: what is lost on the way is not lost here.
  async take() {
    if (this.taking) return;
    const button = this.form.querySelector("[type=submit]");
    this.taking = button.disabled = true;
    try {
      this.refuse("");
      const form = new FormData(this.form);
      const photos = form.getAll("Photos").filter(p => p.name);
      const empty = photos.find(p => p.size === 0);
      if (empty) return this.refuse(`${this.dataset.photosEmpty} ${empty.name}`);
      if (photos.length > Number(this.dataset.most) || photos.some(p => p.size > Number(this.dataset.mostBytes))) return this.refuse(this.dataset.noPhotos);
      const key = this.mending || [...crypto.getRandomValues(new Uint8Array(16))].map(b => b.toString(16).padStart(2, "0")).join("");
      this.form.elements.Key.value = key;
      const fields = [...form].filter(([name, value]) => typeof value === "string" && /^[A-Z]/.test(name) && name !== "Key");
      await put({ key, owner: this.owner, at: Date.now(), fields, photos: await Promise.all(photos.map(async p => ({ name: p.name, type: p.type, bytes: await p.arrayBuffer() }))) });
      await this.send(true);
      const now = await get(key);
      if (now?.url) return location.assign(now.url);
      if (now?.refused) {
        this.mending = key;
        return this.refuse(now.refused);
      }
      this.mending = "";
      this.form.reset();
      this.locate(null);
      this.part("[data-seen]").hidden = true;
      scrollTo({ top: 0 });
    } catch {
      this.form.submit(); // The browser keeps nothing: as without scripts.
    } finally {
      this.taking = button.disabled = false;
    }
  }

  // One tab at a time, and each looks anew at what still waits: no report goes out twice.
  async send(now) {
    if (this.sending && !now) return;
    this.sending = true;
    try {
      await navigator.locks.request("lz-reports", async () => {
        this.elsewhere = false;
        if (Date.now() < this.later) return;
        for (const report of await listOf(this.owner)) {
          if (report.url || report.refused) continue;
          const told = await this.post(report).catch(() => null);
          if (!told) break;
          // Of what was sent the number is kept, and nothing of what it says.
          await put(told.url ? { key: report.key, owner: report.owner, at: report.at, ...told } : { ...report, ...told });
        }
        for (const old of (await listOf(this.owner)).filter(r => r.url).slice(0, -most.sent)) await drop(old.key);
      });
    } finally {
      this.sending = false;
    }
    await this.show();
  }

  /** Number and address of the case, or why it was refused; null: it waits on. */
  async post(report) {
    const page = await asked(most.wait, { cache: "no-store" });
    const drawn = new DOMParser().parseFromString(page.text, "text/html").querySelector("lz-reports");
    if (!page.answer.ok || !drawn) return null;
    if ((drawn.dataset.owner || "") !== report.owner) {
      this.elsewhere = true;
      return null;
    }
    const body = new FormData();
    for (const hidden of drawn.querySelectorAll("form input[type=hidden]")) body.set(hidden.name, hidden.value);
    for (const [name, value] of report.fields) body.set(name, value);
    body.set("Key", report.key);
    for (const p of report.photos) body.append("Photos", new Blob([p.bytes], { type: p.type }), p.name);
    const { answer, text } = await asked(most.send, { method: "POST", body });
    const number = /SJ\d{8}-\d+/.exec(answer.url);
    if (answer.redirected && number) return { number: number[0], url: answer.url };
    if (answer.status === 429) {
      const wait = 1_000 * (Number(answer.headers.get("Retry-After")) || 60);
      this.later = Date.now() + wait;
      setTimeout(() => this.send(), wait + 500);
    }
    if (answer.status < 400 || answer.status === 429 || answer.status >= 500) return null;
    const said = new DOMParser().parseFromString(text, "text/html").querySelector(".lz-problem");
    return { refused: [...(said?.querySelectorAll("h2, h2 + p") ?? [])].map(p => p.textContent.trim()).join(" ") || this.dataset.failed };
  }

  async show() {
    const all = await listOf(this.owner);
    const waits = all.some(r => !r.url && !r.refused);
    const later = waits && navigator.onLine && Date.now() < this.later;
    this.part("[data-later]").hidden = !later;
    this.part("[data-offline]").hidden = later || (navigator.onLine && !waits);
    this.part("[data-sign-in]").hidden = !(this.elsewhere && this.owner);
    this.part("ul").replaceChildren(...all.map(r => this.line(r)));
    this.querySelector(".lz-waiting").hidden = ![...this.querySelector(".lz-waiting").children].some(c => !c.hidden && c.textContent.trim());
  }

  line(report) {
    const line = this.querySelector(`template[data-line=${report.url ? "sent" : report.refused ? "refused" : "waiting"}]`).content.firstElementChild.cloneNode(true);
    const say = (name, text) => { const at = line.querySelector(`[data-${name}]`); if (at) at.textContent = text; };
    say("words", Object.fromEntries(report.fields ?? []).Words ?? "");
    say("why", report.refused ?? "");
    say("at", new Date(report.at).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" }));
    say("number", report.number ?? "");
    if (report.url) line.querySelector("[data-number]").href = report.url;
    line.querySelector("[data-mend]")?.addEventListener("click", () => this.mend(report));
    line.querySelector("[data-drop]").addEventListener("click", async () => { await drop(report.key); await this.show(); });
    return line;
  }

  // Back into the form; it leaves the list when it is sent again. Where the phone was is asked anew: nobody sees it in the form, and it may be what was wrong.
  mend(report) {
    this.form.reset();
    this.form.elements.Position.checked = false;
    for (const [name, value] of report.fields) {
      const field = this.form.elements[name];
      if (field && name !== "X" && name !== "Y") field.type === "checkbox" ? field.checked = true : field.value = value;
    }
    const files = new DataTransfer();
    for (const p of report.photos) files.items.add(new File([p.bytes], p.name, { type: p.type }));
    this.form.elements.Photos.files = files.files;
    this.mending = report.key;
    this.refuse(report.refused);
    this.form.elements.Words.focus();
  }

  refuse(why) {
    const at = this.part("[data-refusal]");
    at.hidden = !why;
    at.textContent = why;
    if (why) this.querySelector(".lz-waiting").hidden = false;
  }

  // Where the first photo that tells it was taken: shown beside the choice to go by it, which is ticked beforehand only where no position was taken.
  async look() {
    const [shown, photos] = [this.part("[data-seen]"), [...this.form.elements.Photos.files]];
    const at = (await Promise.all(photos.map(positionOf))).find(p => p);
    shown.hidden = !at;
    if (!at) return;
    const [x, y] = at.map(d => d.toFixed(5));
    const place = await fetch(`/report/place?x=${x}&y=${y}`).then(a => a.ok ? a.text() : "", () => "");
    shown.textContent = `${this.dataset.seenAt} ${x}, ${y} ${place}`;
  }

  // Where the phone is, taken on purpose, and the photo's position shut one another out: the last choice counts.
  locate(at) {
    const { X, Y, Position } = this.form.elements;
    [X.value, Y.value] = at ?? ["", ""];
    if (at) Position.checked = false;
    else this.part("[data-located]").textContent = "";
  }

  locator() {
    if (!navigator.geolocation || !isSecureContext) return;
    this.part("[data-locator]").hidden = false;
    this.part("[data-locate]").addEventListener("click", () => navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        this.locate([coords.longitude.toFixed(6), coords.latitude.toFixed(6)]);
        this.part("[data-located]").textContent = `${this.dataset.found} ±${Math.round(coords.accuracy)} m`;
      },
      () => { this.part("[data-located]").textContent = this.dataset.notFound; },
      { enableHighAccuracy: true, timeout: 15_000 }));
  }

  part(of) {
    return this.querySelector(of);
  }

  // With a line: the worker that opens the page without one, the form as it is drawn for nobody, and the files it is made of.
  async prepare() {
    if (this.shell) return;
    try {
      await navigator.serviceWorker.register("/report/worker.js", { scope: "/report" });
      const shell = await fetch(`/report?shell=true&lang=${document.documentElement.lang}`, { credentials: "omit", cache: "no-store" });
      if (!shell.ok) return;
      const cache = await caches.open(cacheName);
      const files = performance.getEntriesByType("resource").map(r => new URL(r.name)).filter(u => u.origin === location.origin && u.pathname.startsWith("/_content/")).map(u => u.href);
      await Promise.all(files.map(async f => await cache.match(f) || cache.add(f)));
      await cache.put("/report?shell=true", shell);
      for (const old of await cache.keys()) if (!files.includes(old.url) && !old.url.endsWith("/report?shell=true")) await cache.delete(old);
      await navigator.serviceWorker.ready;
    } catch {
      // No line just now: the next page with one does it.
    }
  }
}
customElements.define("lz-reports", Reports);
