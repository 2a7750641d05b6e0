// The form of an item: rows that come and go, owners as tokens, schedules said back, and the place of a cut.
import { offsetOf } from "./review_text.js";

export const formIsOpen = () => Boolean(document.querySelector("[data-cards] [data-open-form], [data-cards] > [data-open-form]"));

export function watchForms() {
  document.addEventListener("click", clicked);
  document.addEventListener("input", changed);
  document.addEventListener("change", changed);
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.matches?.("[data-open-form]")) prepare(event.target);
  });
}

function prepare(form) {
  for (const row of form.querySelectorAll("[data-row]")) showRow(row);
  for (const input of form.querySelectorAll("[data-tokens]")) makeTokens(input);
}

function clicked(event) {
  const add = event.target.closest("[data-add-row]");
  if (add) return addRow(add.closest("[data-rows]"));
  const remove = event.target.closest("[data-remove-row]");
  if (remove) return removeRow(remove.closest("[data-row]"));
  const cut = event.target.closest("[data-cut]");
  if (cut) return chooseCut(cut.closest("form"), Number(cut.dataset.cut));
  if (event.target.closest("[data-split-text]")) {
    const selection = getSelection();
    const at = selection.rangeCount ? offsetOf(selection.focusNode, selection.focusOffset) : null;
    if (at !== null) chooseCut(event.target.closest("form"), at);
  }
}

function addRow(rows) {
  const total = rows.querySelector("[name$=-TOTAL_FORMS]");
  const made = document.createElement("div");
  made.innerHTML = rows.querySelector("template").innerHTML.replaceAll("__prefix__", total.value);
  const row = made.querySelector("[data-row]");
  rows.querySelector("[data-add-row]").before(row);
  total.value = Number(total.value) + 1;
  showRow(row);
  row.querySelector("select, input:not([type=hidden])")?.focus();
}

function removeRow(row) {
  row.querySelector("[name$=-DELETE]").checked = true;
  row.hidden = true;
}

function showRow(row) {
  const kind = row.querySelector("[name$=-kind]")?.value;
  for (const part of row.querySelectorAll("[data-when]")) part.hidden = !part.dataset.when.split(" ").includes(kind);
  const op = row.querySelector("[name$=-op]")?.value;
  for (const part of row.querySelectorAll("[data-when-op]")) part.hidden = part.dataset.whenOp !== op;
  if (row.dataset.schedule) sayBack(row);
}

const waiting = new WeakMap();

function changed(event) {
  const row = event.target.closest("[data-row]");
  if (!row) return;
  if (event.type === "change") showRow(row);
  else if (row.dataset.schedule) {
    clearTimeout(waiting.get(row));
    waiting.set(row, setTimeout(() => sayBack(row), 250));
  }
}

// The server says in words what the fields mean, by the same rule that the calendar reads them with.
async function sayBack(row) {
  const address = row.closest("[data-review]")?.dataset.say;
  const said = row.querySelector("[data-said]");
  if (!address) return;
  const fields = new URLSearchParams();
  const prefix = [...row.querySelectorAll("[name$=-kind]")][0].name.replace(/-kind$/, "");
  fields.set("row", prefix);
  for (const field of row.querySelectorAll("input, select")) {
    if (field.type !== "checkbox" || field.checked) fields.append(field.name, field.value);
  }
  const headers = JSON.parse(document.body.getAttribute("hx-headers"));
  const answer = await fetch(address, { method: "POST", body: fields, headers });
  if (answer.ok) said.innerHTML = await answer.text();
}

function chooseCut(form, at) {
  const pieces = [...form.querySelectorAll("[data-split-text] [data-at]")];
  const text = pieces.map((piece) => piece.textContent).join("");
  const begin = Number(pieces[0].dataset.at);
  const characters = [...text];
  const first = characters.slice(0, at - begin).join("");
  const second = characters.slice(at - begin).join("");
  if (!first.trim() || !second.trim()) return;
  form.elements.at.value = at;
  const shown = form.querySelector("[data-split-shown]");
  shown.replaceChildren();
  for (const part of [first, second]) {
    const line = document.createElement("p");
    line.textContent = part;
    shown.append(line);
  }
  form.querySelector("[data-split-go]").disabled = false;
}

// The field keeps the words as one text with 、 between them; the tokens show it and change it.
function makeTokens(input) {
  if (input.dataset.ready) return;
  input.dataset.ready = "1";
  const mark = input.dataset.tokens;
  const box = document.createElement("div");
  box.className = "nl-tokens form-control";
  const list = document.createElement("span");
  const typed = document.createElement("input");
  typed.type = "text";
  typed.setAttribute("list", input.getAttribute("list"));
  typed.setAttribute("aria-label", "添加责任人，按回车");
  typed.placeholder = "添加…";
  box.append(list, typed);
  input.hidden = true;
  input.after(box);
  const label = input.closest("div").querySelector("label");
  if (label) {
    typed.id = `${input.id}-typed`;
    label.htmlFor = typed.id;
    typed.removeAttribute("aria-label");
  }
  const words = () => input.value.split(/[、,，;；]/).map((word) => word.trim()).filter(Boolean);
  const set = (next) => {
    input.value = [...new Set(next)].join(mark);
    draw();
  };
  const take = () => {
    if (typed.value.trim()) set([...words(), ...typed.value.split(/[、,，;；]/).map((word) => word.trim()).filter(Boolean)]);
    typed.value = "";
  };
  const draw = () => {
    list.replaceChildren();
    for (const word of words()) {
      const token = document.createElement("button");
      token.type = "button";
      token.className = "nl-token";
      token.textContent = `${word} ×`;
      token.setAttribute("aria-label", `去掉${word}`);
      token.addEventListener("click", () => set(words().filter((other) => other !== word)));
      list.append(token);
    }
  };
  typed.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && typed.value.trim()) {
      event.preventDefault();
      take();
    } else if (event.key === "Backspace" && !typed.value) set(words().slice(0, -1));
  });
  typed.addEventListener("input", (event) => {
    if (!event.isComposing && /[、,，;；]$/.test(typed.value)) take();
  });
  typed.addEventListener("change", take);
  draw();
}
