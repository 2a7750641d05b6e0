// The review of a plan: text and items lead to each other, filters, keys, and the tabs of a narrow screen.
import htmx from "htmx.org";
import { ask } from "./confirm.js";
import { rangeOf, watchSelection, markFindings } from "./review_text.js";
import { watchForms, formIsOpen } from "./review_forms.js";
import { keepPresence, news } from "./review_presence.js";

const panes = () => document.querySelector("[data-review]");
const cards = () => [...document.querySelectorAll("[data-cards] > [data-item]")];
const narrow = () => matchMedia("(max-width: 991.98px)").matches;
const calm = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");
let filters = { words: "", line: "", flag: "" };
let current = null;

export function startReview() {
  watchForms();
  open();
  document.addEventListener("click", clicked);
  document.addEventListener("keydown", pressed);
  document.addEventListener("input", filtered);
  document.addEventListener("change", filtered);
  document.addEventListener("htmx:afterSwap", swapped);
  document.addEventListener("htmx:afterSettle", settled);
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:sendError", () => panes() && news(["网络不通，刚才的操作没有保存，请稍后再试"]));
}

function open() {
  if (!panes()) return;
  watchSelection(panes);
  keepPresence(panes);
  show(narrow() ? "items" : panes().dataset.pane);
  const asked = location.hash.match(/^#i-(.+)$/);
  if (asked) activate(asked[1], { text: true, card: true });
}

function show(pane) {
  const root = panes();
  root.dataset.pane = pane;
  for (const tab of root.querySelectorAll("[role=tab]")) tab.setAttribute("aria-selected", String(tab.dataset.show === pane));
}

// `text` and `card` say which side is brought into view; both are marked.
function activate(item, { text = false, card = false, focus = false } = {}) {
  const root = panes();
  if (!root || !item) return;
  current = item;
  for (const was of root.querySelectorAll(".is-active")) was.classList.remove("is-active");
  const marks = root.querySelectorAll(`[data-of="${item}"]`);
  const shown = document.getElementById(`i-${item}`);
  for (const one of [...marks, shown]) one?.classList.add("is-active");
  if (card && narrow()) show("items");
  if (text) marks[0]?.scrollIntoView({ block: "center", behavior: calm() });
  if (card) {
    if (!narrow() && root.dataset.pane === "checkup") show("items");
    if (shown?.hidden) clearFilters();
    shown?.scrollIntoView({ block: narrow() ? "center" : "nearest", behavior: calm() });
  }
  if (focus) shown?.focus({ preventScroll: true });
}

function clicked(event) {
  const at = event.target;
  if (at.closest("[data-close-toast]")) at.closest(".nl-toast").remove();
  if (!panes()) return;
  const tab = at.closest("[data-show]");
  if (tab) return show(tab.dataset.show);
  const mark = at.closest("[data-of]");
  if (mark && getSelection().isCollapsed) return activate(mark.dataset.of, { card: true });
  const goto = at.closest("[data-goto]");
  if (goto) return go(Number(goto.dataset.goto), Number(goto.dataset.end), goto.dataset.gotoItem);
  const flag = at.closest("[data-flag]");
  if (flag) {
    filters.flag = filters.flag === flag.dataset.flag ? "" : flag.dataset.flag;
    return filter();
  }
  if (at.closest("[data-merge-next]")) return mergeNext(at.closest("[data-item]"));
  if (at.closest("[data-merge-selected]")) return mergeSelected();
  if (at.closest("[data-unselect]")) return unselect();
  const card = at.closest("[data-cards] > [data-item]");
  if (!card || at.closest("form, [data-open-form]")) return;
  if (at.closest("[data-to-text]")) {
    if (narrow()) show("text");
    return activate(card.dataset.item, { text: true });
  }
  if (!at.closest("button, input, summary, a, label")) activate(card.dataset.item, { text: !narrow() });
}

function go(start, end, item) {
  if (narrow()) show("text");
  if (item) activate(item, {});
  const range = rangeOf(panes().querySelector("[data-text]"), start, Math.min(end, start + 400));
  if (!range) return;
  range.startContainer.parentElement.scrollIntoView({ block: "center", behavior: calm() });
  if (!("highlights" in CSS)) return;
  CSS.highlights.set("nl-here", new Highlight(range));
  setTimeout(() => CSS.highlights.delete("nl-here"), 4000);
}

function pressed(event) {
  const root = panes();
  if (!root || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    const form = event.target.closest?.("[data-open-form]");
    if (form) return form.querySelector("[data-cancel]")?.click();
    if (event.target.matches("[data-filter-words]")) return clearFilters();
  }
  if (event.target.closest("input, select, textarea, [contenteditable]")) return;
  if (event.key === "/") {
    event.preventDefault();
    root.querySelector("[data-filter-words]").focus();
  } else if (["j", "k", "ArrowDown", "ArrowUp"].includes(event.key)) {
    if (event.key.startsWith("Arrow") && !event.target.closest("[data-cards]")) return;
    event.preventDefault();
    step(["j", "ArrowDown"].includes(event.key) ? 1 : -1);
  } else if (event.key === "Enter" && event.target.matches("[data-item]")) {
    event.preventDefault();
    event.target.querySelector("[data-edit]")?.click();
  }
}

function step(by) {
  const all = cards();
  const at = all.findIndex((card) => card.dataset.item === current);
  const ahead = by > 0 ? all.slice(at + 1) : all.slice(0, Math.max(0, at)).reverse();
  const next = ahead.find((card) => !card.hidden);
  if (next) activate(next.dataset.item, { text: !narrow(), card: true, focus: true });
}

function filtered(event) {
  if (event.target.matches("[data-filter-words]")) filters.words = event.target.value.trim();
  else if (event.target.matches("[data-filter-line]")) filters.line = event.target.value;
  else if (event.target.matches("[data-select]")) return countSelected();
  else return;
  filter();
}

function clearFilters() {
  filters = { words: "", line: "", flag: "" };
  filter();
}

function filter() {
  const root = panes();
  let any = false;
  for (const card of cards()) {
    const flags = (card.dataset.flags ?? "").split(" ");
    const fits =
      (!filters.line || card.dataset.line === filters.line) &&
      (!filters.flag || (flags.includes(filters.flag) && (filters.flag === "dropped" || !flags.includes("dropped")))) &&
      (!filters.words || card.textContent.includes(filters.words));
    card.hidden = !fits;
    any ||= fits;
  }
  for (const mark of root.querySelectorAll("[data-of]")) {
    mark.classList.toggle("is-faint", document.getElementById(`i-${mark.dataset.of}`)?.hidden ?? false);
  }
  for (const flag of root.querySelectorAll("[data-flag]")) flag.setAttribute("aria-pressed", String(flag.dataset.flag === filters.flag));
  root.querySelector("[data-filter-words]").value = filters.words;
  root.querySelector("[data-filter-line]").value = filters.line;
  const none = root.querySelector("[data-none]");
  none.hidden = any || cards().length === 0;
}

const selected = () => cards().filter((card) => card.querySelector("[data-select]")?.checked);

function countSelected() {
  const bar = document.querySelector("[data-selected]");
  const count = selected().length;
  bar.hidden = count === 0;
  bar.querySelector("[data-selected-words]").textContent = `已选 ${count} 条`;
  bar.querySelector("[data-merge-selected]").disabled = count < 2;
}

function unselect() {
  for (const card of selected()) card.querySelector("[data-select]").checked = false;
  countSelected();
}

const words = (card) => card.querySelector(".nl-item-text").textContent;

function mergeNext(card) {
  const all = cards();
  const next = all[all.indexOf(card) + 1];
  if (next) merge([card, next]);
}

const mergeSelected = () => merge(selected());

async function merge(chosen) {
  const root = panes();
  const said = chosen.map((card) => `“${words(card).slice(0, 40)}”`).join("、");
  if (!(await ask(`把 ${said} 合并成一条任务？`))) return;
  htmx.ajax("POST", root.dataset.merge, {
    target: "#panes",
    swap: "outerHTML",
    values: { revision: root.dataset.revision, pk: chosen.map((card) => card.dataset.item) },
  });
}

// An item that is no longer there was merged or undone by someone else: show the page as it is now.
function failed(event) {
  const root = panes();
  if (!root) return;
  if (event.detail.xhr.status === 404) htmx.ajax("GET", root.dataset.panes, { target: "#panes", swap: "outerHTML" });
  else news(["没有成功，请刷新页面再试"]);
}

// What came from the server may have another line or be dropped: the text shows the same as the card.
function swapped(event) {
  const root = panes();
  if (!root) return;
  if (event.target.id === "pane-checkup") markFindings(root);
}

function settled(event) {
  const root = panes();
  if (!root) return;
  const changed = event.detail.elt;
  if (changed.matches?.("[data-review]")) {
    keepPresence(panes);
    show(root.dataset.pane);
    if (Object.values(filters).some(Boolean)) filter();
    if (root.dataset.active) activate(root.dataset.active, { text: !narrow(), card: true, focus: true });
    return;
  }
  if (!changed.matches?.("[data-cards] > [data-item]")) return;
  for (const mark of root.querySelectorAll(`[data-of="${changed.dataset.item}"]`)) {
    mark.className = `nl-mark nl-l-${changed.dataset.line} ${changed.classList.contains("is-dropped") ? "is-dropped" : ""}`;
    if (changed.dataset.lineTitle) mark.dataset.lineTitle = changed.dataset.lineTitle;
  }
  if (Object.values(filters).some(Boolean) && !changed.matches("[data-open-form]")) filter();
  activate(changed.dataset.item, {});
  if (changed.matches("[data-open-form]")) {
    changed.scrollIntoView({ block: "nearest" });
    (changed.matches("[data-focus]") ? changed : changed.querySelector("[data-focus]"))?.focus();
  } else if (!formIsOpen()) {
    changed.focus({ preventScroll: true });
    htmx.trigger("#pane-checkup", "nl:recheck");
  }
}
