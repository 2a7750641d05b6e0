// Drafts are kept in this browser against a lost signal, never a secret field; a form that was saved has none.
import { shownFile } from "./ledger_files.js";
import { addRow, loadPoints } from "./ledgers.js";

const KEPT = "nl-draft:";
const SENT = "nl-draft-sent";
const OLDEST = 7 * 24 * 3600 * 1000;
const NEVER = new Set(["csrfmiddlewaretoken", "client_key", "revision", "shown", "from", "follow", "part", "entry_id", "step_code", "held"]);

export function offerDraft(form, restored) {
  const key = `${KEPT}${form.dataset.who}:${form.dataset.draft}`;
  const draft = read(key);
  if (draft && Date.now() - draft.at < OLDEST && "fresh" in form.dataset) form.prepend(offer(form, draft, key, restored));
  let timer;
  const keep = () => {
    clearTimeout(timer);
    timer = setTimeout(() => write(key, values(form)), 400);
  };
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    write(key, values(form));
    sessionStorage.setItem(SENT, JSON.stringify({ key, sent: form.elements.client_key.value }));
  });
  form.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    tellOffline(form);
  }, { capture: true });
}

// The server says by a cookie which form it has saved: whatever else came of sending it, the draft stays.
export function forgetSentDraft() {
  const saved = document.cookie.match(/(?:^|; )saved_form=([0-9a-f-]+)/)?.[1];
  let sent;
  try {
    sent = JSON.parse(sessionStorage.getItem(SENT));
  } catch {
    sent = null;
  }
  if (!saved || sent?.sent !== saved) return;
  localStorage.removeItem(sent.key);
  sessionStorage.removeItem(SENT);
}

function tellOffline(form) {
  const told = form.querySelector("[data-offline]");
  told.textContent = "现在没有网络，没有保存。填的内容已留在这台设备上，有信号时再按一次保存。";
  told.hidden = false;
}

function values(form) {
  const secret = new Set([...form.querySelectorAll("input[data-secret]")].map((input) => input.name));
  const kept = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== "string" || NEVER.has(name) || secret.has(name) || name.endsWith(".take")) continue;
    (kept[name] ??= []).push(value);
  }
  return kept;
}

function offer(form, draft, key, restored) {
  const box = document.createElement("div");
  box.className = "alert alert-info ng-draft";
  const said = document.createElement("span");
  said.textContent = `有 ${new Date(draft.at).toLocaleString("zh-CN")} 没有提交的内容。`;
  const restore = document.createElement("button");
  restore.type = "button";
  restore.className = "btn btn-primary";
  restore.textContent = "恢复上次没有提交的内容";
  restore.addEventListener("click", async () => {
    box.remove();
    fill(form, draft.values);
    const lists = [...form.querySelectorAll("[data-checklist]")].filter((list) => list.value);
    if (lists.length) {
      await Promise.all(lists.map((list) => loadPoints(form, list.dataset.checklist)));
      fill(form, draft.values); // its points stand only now
    }
    restored();
  });
  const drop = document.createElement("button");
  drop.type = "button";
  drop.className = "btn";
  drop.textContent = "不要了";
  drop.addEventListener("click", () => {
    localStorage.removeItem(key);
    box.remove();
  });
  box.append(said, restore, drop);
  return box;
}

function fill(form, kept) {
  for (const [name, given] of Object.entries(kept)) {
    const [table, number, column] = name.split(".");
    if (column !== undefined && /^\d+$/.test(number) && !form.elements[name]) {
      const place = form.querySelector(`[data-table] [name^="${table}."]`)?.closest("[data-table]");
      if (place) addRow(place, number);
    }
    const sender = form.querySelector(`[data-send-file][data-name="${CSS.escape(name)}"]`);
    if (sender) {
      const list = sender.closest("fieldset").querySelector("[data-list]");
      const picture = sender.dataset.sendFile !== "files";
      list.replaceChildren(
        ...given.map((id) => shownFile({ id, name: picture ? "照片" : "文件", address: `${form.dataset.files}${id}/`, picture }, name)),
      );
      continue;
    }
    for (const input of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (input.type === "radio" || input.type === "checkbox") input.checked = given.includes(input.value);
      else input.value = given[0] ?? "";
    }
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function write(key, kept) {
  try {
    localStorage.setItem(key, JSON.stringify({ at: Date.now(), values: kept }));
  } catch {
    // no room in the browser: the form works without a draft
  }
}
