// The page as a whole: state in, panes and panels out.

import { showFindings, text } from "./findings.js";
import { listen } from "./news.js";
import { Printed } from "./printed.js";
import { Reader } from "./reader.js";

const at = (id) => document.getElementById(id);
const root = document.documentElement;
const kept = {
  get: (name, other) => sessionStorage.getItem(name) ?? localStorage.getItem(name) ?? other,
  set(name, value) {
    sessionStorage.setItem(name, value);
    localStorage.setItem(name, value);
  },
};

const narrow = matchMedia("(max-width: 60rem)");

let state = { version: -1, pages: [], contents: [], breaks: [], documents: [], findings: [] };
let driver = "printed"; // the pane that the reader moves; the other one follows
let follows = kept.get("follow", "true") === "true";
let turn = -1; // the change that was shown last

const printed = new Printed(at("sheets"), (place, byHand) => {
  at("page").textContent = place.page ? pageName(place.page) : "";
  if (byHand && driver === "printed") followPages(place);
});
const reader = new Reader(at("frame"), at("screen"), at("table"), {
  moved: (place, byHand) => {
    if (byHand && driver === "reader") followText(place);
    markEntry();
  },
  key: pressed,
  opened: () => markEntry(),
});

for (const [id, name] of [["printed", "printed"], ["reader", "reader"]]) {
  for (const kind of ["pointerdown", "wheel", "focusin", "keydown", "drive"]) {
    at(id).addEventListener(kind, () => (driver = name), { passive: true, capture: true });
  }
}

// News

listen((news) => {
  if (news.kind === "state") take(news.state);
  else if (news.kind === "progress") say(`Building… ${news.title}`, "");
  else say("memobook preview has ended, or cannot be reached", "bad");
});

function take(next) {
  if (next.version < state.version) return;
  const isNew = next.version !== state.version;
  const before = state;
  state = next;
  tell();
  if (!isNew) return;
  root.dataset.version = state.version;
  if (changes(before.pages) !== changes(state.pages)) turn = -1;
  printed.show(state.pages, state.direction);
  reader.show(state);
  showContents();
  showFindings(at("list"), state.findings);
  at("none").hidden = state.findings.length > 0;
  const errors = state.findings.filter((each) => each.severity === "error").length;
  if (state.build.phase === "ready") showFaults(errors);
  announce(errors);
}

// An error opens the findings; what opened by itself closes by itself.
function showFaults(errors) {
  if (errors && at("findings").hidden) {
    openFindings(true);
    at("findings").dataset.byItself = "";
  } else if (!errors && at("findings").dataset.byItself !== undefined) openFindings(false);
}

const changes = (pages) => pages.map((page) => (page.changed ? page.look : "")).join();

function tell() {
  const { build, findings, pages } = state;
  const number = pages.filter((page) => page.changed).length;
  const errors = findings.filter((each) => each.severity === "error").length;
  at("title").textContent = state.title;
  at("count").textContent = findings.length;
  at("show-findings").classList.toggle("errors", errors > 0);
  at("show-findings").classList.toggle("some", findings.length > 0);
  const texts = state.documents.some((each) => each.changed.length);
  at("next-change").disabled = !number && !texts;
  at("next-change").textContent = number ? `Next change (${number})` : "Next change";
  at("bar").hidden = build.phase !== "building";
  document.title = `${build.phase === "building" ? "… " : errors ? `(${errors}) ` : ""}${state.title}`;
  if (build.phase === "building") say("Building…", "");
  else if (build.good) say(`${pages.length} pages, ${changedPages(number)}, in ${seconds(build.seconds)}`, "good");
  else say(`Not built: ${plural(errors, "error")}. The pages are those of before.`, "bad");
}

function announce(errors) {
  if (state.build.phase !== "ready") return;
  const number = state.pages.filter((page) => page.changed).length;
  at("news").textContent = state.build.good
    ? `Built. ${changedPages(number)}. ${plural(state.findings.length, "finding")}.`
    : `Not built. ${plural(errors, "error")}.`;
}

const seconds = (number) => `${number.toFixed(number < 10 ? 2 : 1)} s`;
const plural = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;
const changedPages = (number) => (number ? `${number} changed` : "none changed");

function say(words, kind) {
  at("state").textContent = words;
  at("status").className = `status ${kind}`;
}

function pageName(number) {
  const label = state.pages[number - 1]?.label;
  return label ? `Page ${label}` : `${number} of ${state.pages.length}`;
}

// Contents

function showContents() {
  const changed = new Set(state.documents.filter((d) => d.changed.length).map((d) => d.href));
  const items = state.contents.map((entry) => {
    const item = document.createElement("li");
    item.dataset.level = Math.min(entry.level, 2);
    const button = document.createElement("button");
    button.type = "button";
    button.append(text("span", "text", entry.title), text("span", "folio", entry.folio));
    button.addEventListener("click", () => jump(entry.page, entry.href));
    item.classList.toggle("changed", entry.level === 0 && changed.has(entry.href.split("#")[0]));
    item.append(button);
    return item;
  });
  const focused = [...at("entries").children].indexOf(document.activeElement?.closest("#entries li"));
  at("entries").replaceChildren(...items);
  items[focused]?.firstChild.focus();
  markEntry();
}

function markEntry() {
  const place = reader.current();
  if (!place) return;
  const { page } = pageOf(place.href) ?? {};
  let best = -1;
  state.contents.forEach((entry, n) => {
    const same = entry.href.split("#")[0] === reader.path;
    if (same && (entry.page === null || page === undefined || entry.page <= page || best < 0)) best = n;
  });
  [...at("entries").children].forEach((item, n) => {
    if (n === best) item.firstChild.setAttribute("aria-current", "true");
    else item.firstChild.removeAttribute("aria-current");
  });
}

function jump(page, href, more) {
  if (page) printed.go(page);
  if (href) reader.go(href, more);
  if (narrow.matches) openContents(false);
}

// Moving together: a page's beginning is known in both

const pageOf = (href) => state.breaks.find((each) => each.href === href);

function followPages({ page, share }) {
  if (!follows || !page) return;
  const n = state.breaks.findLastIndex((each) => each.page <= page);
  if (n < 0) return;
  const { href } = state.breaks[n];
  const next = state.breaks[n + 1]?.href ?? "";
  const same = next.split("#")[0] === href.split("#")[0];
  reader.go(href, { share, next: same ? next.split("#")[1] : "" });
}

function followText(place) {
  if (!follows || !place) return;
  const found = pageOf(place.href);
  if (found) printed.goTo(found.page, place.share);
}

// Changes

function change(by) {
  const pages = printed.changed();
  const texts = state.documents.filter((each) => each.changed.length);
  if (pages.length) {
    turn = turn < 0 && by < 0 ? pages.length - 1 : (turn + by + pages.length) % pages.length;
    const page = pages[turn];
    const at = state.breaks.findLast((each) => each.page <= page);
    const path = at?.href.split("#")[0];
    const isText = texts.some((each) => each.href === path);
    jump(page, isText ? path : at?.href, isText ? { change: true } : {});
    say(`Change ${turn + 1} of ${pages.length}: ${pageName(page)}`, "good");
  } else if (texts.length) {
    turn = (turn + by + texts.length) % texts.length;
    jump(null, texts[turn].href, { change: true });
  }
}

// Panels and settings

function toggle(button, panel, open) {
  const show = open ?? panel.hidden;
  panel.hidden = !show;
  button.setAttribute("aria-expanded", show);
}

function openFindings(open) {
  delete at("findings").dataset.byItself;
  toggle(at("show-findings"), at("findings"), open);
}
const openContents = (open) => toggle(at("show-contents"), at("contents"), open);

function setView(view) {
  document.body.dataset.view = view;
  for (const each of document.querySelectorAll("[data-show]")) {
    each.setAttribute("aria-pressed", each.dataset.show === view);
  }
  kept.set("view", view);
}

function setSpreads(spreads) {
  at("spreads").setAttribute("aria-pressed", spreads);
  printed.setSpreads(spreads);
}

function chooseSpreads(spreads) {
  setSpreads(spreads);
  kept.set("spreads", spreads);
}

function setFollow(together) {
  follows = together;
  at("follow").setAttribute("aria-pressed", together);
  kept.set("follow", together);
}

function setDevice(device) {
  at("device").value = device;
  reader.setDevice(device);
  kept.set("device", device);
}

const dark = matchMedia("(prefers-color-scheme: dark)");
function setTheme(theme) {
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  if (theme === "dark" || (theme === "system" && dark.matches)) root.dataset.dark = "";
  else delete root.dataset.dark;
  at("theme").textContent = `Theme: ${theme}`;
  kept.set("theme", theme);
  reader.repaint();
}
dark.addEventListener("change", () => setTheme(kept.get("theme", "system")));

const next = (all, now) => all[(all.indexOf(now) + 1) % all.length];
const nextTheme = () => setTheme(next(["system", "light", "dark"], kept.get("theme", "system")));

narrow.addEventListener("change", () => openContents(!narrow.matches));

at("show-contents").onclick = () => openContents();
at("show-findings").onclick = () => openFindings();
at("close-findings").onclick = () => {
  openFindings(false);
  at("show-findings").focus();
};
at("next-change").onclick = () => change(1);
at("theme").onclick = nextTheme;
at("show-keys").onclick = () => at("keys").showModal();
at("spreads").onclick = () => chooseSpreads(!printed.spreads);
at("smaller").onclick = () => printed.zoom(1 / 1.2);
at("larger").onclick = () => printed.zoom(1.2);
at("device").onchange = () => setDevice(at("device").value);
at("before").onclick = () => reader.step(-1);
at("after").onclick = () => reader.step(1);
at("text-smaller").onclick = () => reader.setText(reader.text - 10);
at("text-larger").onclick = () => reader.setText(reader.text + 10);
at("follow").onclick = () => setFollow(!follows);
for (const each of document.querySelectorAll("[data-show]")) each.onclick = () => setView(each.dataset.show);
at("single-keys").checked = kept.get("keys", "true") === "true";
at("single-keys").onchange = () => kept.set("keys", at("single-keys").checked);

// Keys

const KEYS = {
  n: () => change(1),
  p: () => change(-1),
  j: () => printed.step(1),
  k: () => printed.step(-1),
  "]": () => reader.step(1),
  "[": () => reader.step(-1),
  c: () => openContents(),
  d: () => openFindings(),
  s: () => chooseSpreads(!printed.spreads),
  "+": () => printed.zoom(1.2),
  "-": () => printed.zoom(1 / 1.2),
  1: () => setDevice("phone"),
  2: () => setDevice("tablet"),
  3: () => setDevice("eink"),
  f: () => setFollow(!follows),
  v: () => setView(next(["printed", "both", "reader"], document.body.dataset.view)),
  t: nextTheme,
  "?": () => at("keys").showModal(),
};

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || at("keys").open) return;
  if (event.target.closest?.("input, select, textarea") || !at("single-keys").checked) return;
  const action = KEYS[event.key];
  if (!action) return;
  event.preventDefault();
  if (event.key === "j" || event.key === "k") driver = "printed";
  action();
}
document.addEventListener("keydown", pressed);

setTheme(kept.get("theme", "system"));
setView(kept.get("view", "both"));
setDevice(kept.get("device", "phone"));
setSpreads(kept.get("spreads", String(!narrow.matches)) === "true");
setFollow(follows);
openContents(!narrow.matches);
