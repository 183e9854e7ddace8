// The EPUB's own pages in a frame without scripts. After a save the text is exchanged
// in place: the frame is not loaded anew, and the reader stays at the same paragraph.

const SIZES = { phone: [390, 780], tablet: [768, 1024], eink: [600, 800] };

export class Reader {
  constructor(frame, screen, table, { moved, key, opened }) {
    Object.assign(this, { frame, screen, table, moved, key, opened });
    this.documents = [];
    this.path = "";
    this.styles = "";
    this.blocks = "p";
    this.text = 100;
    this.device = "phone";
    this.goal = null;
    frame.addEventListener("load", () => this.#loaded());
    new ResizeObserver(() => this.#fit()).observe(table);
    this.setDevice("phone");
  }

  get page() {
    const page = this.frame.contentDocument;
    return page?.body && this.path && page.URL !== "about:blank" ? page : null;
  }

  // A new state

  show({ documents, styles, blocks }) {
    const before = this.documents.find((each) => each.href === this.path);
    const now = documents.find((each) => each.href === this.path);
    this.documents = documents;
    this.blocks = blocks;
    const restyled = this.styles && this.styles !== styles;
    this.styles = styles;
    if (!documents.length) return;
    if (!now) {
      this.go((documents.find((d) => /(^|\/)text\/(?!cover|title|imprint)/.test(d.href)) ?? documents[0]).href);
      return;
    }
    if (restyled) this.#restyle();
    if (before && before.hash !== now.hash) this.#exchange();
    else this.#mark();
  }

  async #exchange() {
    const path = this.path;
    const next = await fetched(`epub/${path}`);
    const page = this.page;
    if (!next?.body || !page || path !== this.path) return;
    const place = this.#place();
    page.title = next.title;
    page.body.replaceWith(page.adoptNode(next.body));
    this.#prepare(page);
    this.#keep(place);
    this.moved(this.current(), false);
  }

  #restyle() {
    for (const link of this.page?.querySelectorAll("link[rel=stylesheet]") ?? []) {
      if (link.href.includes("/epub/")) link.href = `${link.href.split("?")[0]}?${this.styles}`;
    }
  }

  // A page that was loaded or exchanged

  #loaded() {
    const page = this.page;
    if (!page) return;
    const link = page.createElementNS("http://www.w3.org/1999/xhtml", "link");
    link.rel = "stylesheet";
    link.href = new URL("static/frame.css", location.href).href;
    page.head.append(link);
    page.addEventListener("click", (event) => this.#clicked(event));
    page.addEventListener("keydown", (event) => this.#pressed(event));
    page.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    for (const kind of ["pointerdown", "wheel", "keydown"]) {
      page.addEventListener(kind, () => this.table.dispatchEvent(new Event("drive")), { passive: true });
    }
    this.#prepare(page);
    this.setText(this.text);
    link.addEventListener("load", () => this.#arrive());
    this.#arrive();
  }

  #prepare(page) {
    page.documentElement.dataset.memobookTheme = this.#theme();
    // A policy without unsafe-inline takes no style attribute, but what a script sets.
    for (const each of page.querySelectorAll("[style]")) each.style.cssText = each.getAttribute("style");
    this.#mark();
  }

  #theme() {
    if (this.device === "eink") return "eink";
    return document.documentElement.dataset.dark === undefined ? "light" : "dark";
  }

  #leaves() {
    const found = [...(this.page?.body.querySelectorAll(this.blocks) ?? [])];
    return found.filter((each) => !each.querySelector(this.blocks) && !each.closest(".memobook-note"));
  }

  #mark() {
    const changed = new Set(this.documents.find((each) => each.href === this.path)?.changed);
    this.#leaves().forEach((each, n) => each.classList.toggle("memobook-changed", changed.has(n)));
  }

  #arrive() {
    const goal = this.goal;
    if (!goal || !this.page) return;
    if (goal.place) this.#keep(goal.place);
    else if (goal.anchor) this.#to(this.page.getElementById(goal.anchor), goal.share, goal.next);
    else if (goal.change) this.#toChange();
    else this.#top(0);
    this.opened(this.path);
    setTimeout(() => {
      if (this.goal === goal) this.goal = null;
    }, 400);
  }

  // Going somewhere

  go(href, more = {}) {
    const [path, anchor] = href.split("#");
    this.goal = { anchor, ...more };
    if (path === this.path && this.page) {
      this.#arrive();
      return;
    }
    this.path = path;
    // Not `src`, which would be a step in the history of the tab.
    this.frame.contentWindow.location.replace(new URL(`epub/${path}`, location.href).href);
  }

  step(by) {
    const n = this.documents.findIndex((each) => each.href === this.path) + by;
    if (this.documents[n]) this.go(this.documents[n].href);
  }

  #to(target, share = 0, next = "") {
    if (!target) return this.#top(0);
    const top = this.#offset(target);
    const end = next ? this.page.getElementById(next) : null;
    const height = (end ? this.#offset(end) : this.page.documentElement.scrollHeight) - top;
    return this.#top(top + share * Math.max(0, height) - (share ? this.#quarter() : 12));
  }

  #toChange() {
    const target = this.page.querySelector(".memobook-changed");
    if (target) this.#top(this.#offset(target) - this.#quarter());
  }

  #offset(element) {
    return element.getBoundingClientRect().top + this.page.documentElement.scrollTop;
  }

  #quarter() {
    return this.page.documentElement.clientHeight * 0.25;
  }

  #top(y) {
    this.quietUntil = performance.now() + 200;
    this.page.documentElement.scrollTop = y;
  }

  // Places: a paragraph, and how far it is from the top

  #place() {
    const found = this.#leaves();
    const n = found.findIndex((each) => each.getBoundingClientRect().bottom > 0);
    if (n < 0 || this.page.documentElement.scrollTop < 2) return null;
    return { n, text: found[n].textContent, top: found[n].getBoundingClientRect().top };
  }

  #keep(place) {
    if (!place) return;
    const found = this.#leaves();
    let best = Math.min(place.n, found.length - 1);
    let least = Infinity;
    found.forEach((each, n) => {
      if (each.textContent === place.text && Math.abs(n - place.n) < least) {
        best = n;
        least = Math.abs(n - place.n);
      }
    });
    if (found[best]) this.#top(this.#offset(found[best]) - place.top);
  }

  current() {
    const page = this.page;
    if (!page) return null;
    const line = this.#quarter();
    let before = "";
    let start = 0;
    let end = page.documentElement.scrollHeight;
    for (const each of page.querySelectorAll('[role="doc-pagebreak"][id]')) {
      const top = each.getBoundingClientRect().top;
      if (top > line) {
        end = top + page.documentElement.scrollTop;
        break;
      }
      before = each.id;
      start = top + page.documentElement.scrollTop;
    }
    const share = (page.documentElement.scrollTop + line - start) / Math.max(1, end - start);
    return { href: before ? `${this.path}#${before}` : this.path, share: Math.max(0, Math.min(1, share)) };
  }

  #scrolled() {
    if (this.waits) return;
    this.waits = true;
    requestAnimationFrame(() => {
      this.waits = false;
      this.moved(this.current(), performance.now() > (this.quietUntil ?? 0));
    });
  }

  // Links and notes

  #clicked(event) {
    const note = event.target.closest(".memobook-note");
    const link = event.target.closest("a[href]");
    if (!note) this.#closeNote();
    if (!link) return;
    event.preventDefault();
    const to = new URL(link.getAttribute("href"), this.page.URL);
    if (link.getAttribute("role") === "doc-noteref") this.#openNote(link, to);
    else if (to.origin === location.origin) {
      this.go(decodeURI(to.pathname.split("/epub/")[1] ?? this.path) + to.hash);
    } else if (["http:", "https:", "mailto:"].includes(to.protocol)) {
      window.open(to.href, "_blank", "noopener,noreferrer");
    }
  }

  async #openNote(link, to) {
    const here = to.pathname === new URL(this.page.URL).pathname;
    const page = here ? this.page : await fetched(to.pathname);
    const note = page?.getElementById(decodeURIComponent(to.hash.slice(1)));
    if (!note || !this.page) return;
    const box = this.page.createElementNS("http://www.w3.org/1999/xhtml", "div");
    box.className = "memobook-note";
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", `Note ${link.textContent}`);
    box.tabIndex = -1;
    const copy = this.page.importNode(note, true);
    for (const each of [copy, ...copy.querySelectorAll("[id]")]) each.removeAttribute("id");
    box.append(...(copy.localName === "li" ? copy.childNodes : [copy]));
    this.page.body.append(box);
    this.caller = link;
    box.focus();
  }

  #closeNote() {
    const box = this.page?.querySelector(".memobook-note");
    if (!box) return false;
    box.remove();
    this.caller?.focus({ preventScroll: true });
    return true;
  }

  #pressed(event) {
    if (event.key === "Escape" && this.#closeNote()) return;
    this.key(event);
  }

  // The screen

  setDevice(device) {
    const place = this.page ? this.#place() : null;
    this.device = device;
    this.screen.className = `screen ${device}`;
    this.#fit();
    this.repaint();
    if (place) this.#keep({ ...place, top: Math.min(place.top, 20) });
  }

  repaint() {
    if (this.page) this.page.documentElement.dataset.memobookTheme = this.#theme();
  }

  setText(percent) {
    this.text = Math.min(200, Math.max(60, percent));
    if (this.page) this.page.documentElement.style.fontSize = `${this.text}%`;
  }

  #fit() {
    const [width, tall] = SIZES[this.device];
    const style = getComputedStyle(this.table);
    const room = this.table.clientWidth - parseFloat(style.paddingLeft) * 2;
    const high = this.table.clientHeight - parseFloat(style.paddingTop) * 2;
    const edge = this.device === "eink" ? 20 : 2;
    const scale = Math.max(0.3, Math.min(1, room / (width + edge)));
    this.screen.style.width = `${width + edge}px`;
    this.screen.style.height = `${Math.max(200, Math.min(tall + edge, high / scale))}px`;
    this.screen.style.transform = scale < 1 ? `scale(${scale})` : "";
  }
}

// Read by the browser's own parser, as XHTML: nothing of it runs.
function fetched(address) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.onload = () => done(request.status === 200 ? request.responseXML : null);
    request.onerror = () => done(null);
    request.send();
  });
}
