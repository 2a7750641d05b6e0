// The form of an entry, filled standing at a door: what is shown follows what was chosen, drafts outlive a lost signal.
// Whatever is judged is judged by the server; without scripts the form works too.
import "./ledgers.css";
import { offerDraft } from "./ledger_drafts.js";
import { watchFiles } from "./ledger_files.js";
import { watchPickers } from "./ledger_picker.js";
import { watchSignatures } from "./ledger_signature.js";

const PAUSE = 250; // milliseconds of quiet before the server is asked

export function startLedgers(root) {
  for (const form of root.querySelectorAll("[data-ledger-form]")) {
    for (const button of form.querySelectorAll("[data-find]")) button.remove(); // else Enter would search, not save
    for (const field of form.querySelectorAll("[data-hidden]")) field.hidden = true;
    watchPickers(form);
    watchFiles(form);
    watchSignatures(form);
    watchTables(form);
    watchPoints(form);
    watchPlaces(form);
    offerDraft(form, () => ask(form));
    watchStanding(form);
  }
}

// The form as it is, to a helper of the server; files stay here.
export function send(form, address, more = {}) {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  for (const [name, value] of Object.entries(more)) data.set(name, value);
  return fetch(address, { method: "POST", body: data, headers: { Accept: "application/json" } });
}

let latest = 0;

async function ask(form) {
  const mine = ++latest;
  let now;
  try {
    const answer = await send(form, form.dataset.stand);
    if (!answer.ok) return;
    now = await answer.json();
  } catch {
    return; // no signal: everything stays as it is, and saving judges it
  }
  if (mine !== latest) return;
  for (const field of form.querySelectorAll("[data-field]")) {
    const code = field.dataset.field;
    field.hidden = !now.shown.includes(code);
    field.querySelector(".form-label")?.classList.toggle("required", now.required.includes(code));
  }
  for (const [code, said] of Object.entries(now.computed)) {
    const shown = form.querySelector(`[data-computed="${code}"]`);
    if (shown) shown.textContent = said;
  }
  const late = form.querySelector("[data-late]");
  if (late) late.hidden = !now.late;
  for (const place of form.querySelectorAll("[data-known]")) showKnown(form, place, now.known[place.dataset.known]);
}

// What is known already is offered beside the field; it is taken over at a press.
function showKnown(form, place, known) {
  const code = place.dataset.known;
  const input = form.elements[code];
  place.hidden = !known || !input || input.value !== "";
  if (place.hidden) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm";
  button.textContent = `带入 ${known.said}`;
  button.addEventListener("click", () => {
    input.value = known.said;
    if ("secret" in place.dataset) {
      const take = document.createElement("input");
      take.type = "hidden";
      take.name = `${code}.take`;
      take.value = "1";
      place.append(take);
      button.remove();
    }
    place.hidden = true;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  const since = document.createElement("span");
  since.className = "nr-hint";
  since.textContent = `资料更新于 ${known.since}`;
  place.replaceChildren(button, since);
}

function watchStanding(form) {
  let timer;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => ask(form), PAUSE);
  };
  form.addEventListener("change", soon);
  form.addEventListener("input", soon);
  soon();
}

function watchTables(form) {
  let next = 1000; // above the numbers of the rows that came with the page
  for (const button of form.querySelectorAll("[data-more-row], [data-less-row]")) button.hidden = false;
  form.addEventListener("click", (event) => {
    const drop = event.target.closest("[data-less-row]");
    if (drop) {
      const row = drop.closest("tr");
      const beside = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      beside?.querySelector("input, select")?.focus();
      form.dispatchEvent(new Event("change"));
    }
    const add = event.target.closest("[data-more-row]");
    if (add) addRow(add.closest("[data-table]"), next++).querySelector("input, select")?.focus();
  });
}

export function addRow(table, number) {
  const row = table.querySelector("template").content.firstElementChild.cloneNode(true);
  for (const input of row.querySelectorAll("[name]")) input.name = input.name.replace(".__.", `.${number}.`);
  for (const button of row.querySelectorAll("[hidden]")) button.hidden = false;
  table.querySelector("tbody").append(row);
  return row;
}

function watchPoints(form) {
  form.addEventListener("change", (event) => {
    if (event.target.dataset?.checklist) loadPoints(form, event.target.dataset.checklist);
  });
}

export async function loadPoints(form, code) {
  const answer = await send(form, form.dataset.points, { field: code }).catch(() => null);
  const place = form.querySelector(`[data-points-of="${code}"]`);
  if (answer?.ok) place.innerHTML = await answer.text();
  else place.textContent = "没有取到检查表，请检查网络后重选。";
}

function watchPlaces(form) {
  for (const button of form.querySelectorAll("[data-locate]")) {
    if (!navigator.geolocation) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          const input = form.querySelector(`#${button.dataset.locate}`);
          input.value = `${coords.longitude.toFixed(5)}, ${coords.latitude.toFixed(5)}`;
          input.dispatchEvent(new Event("input", { bubbles: true }));
        },
        () => { button.textContent = "没有取到位置，请手工填写"; },
      );
    });
  }
}
