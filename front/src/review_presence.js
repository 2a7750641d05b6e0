// Who else reviews the same version, and what they changed: asked every few seconds, shown without losing one's own form.
import htmx from "htmx.org";

const EVERY = 20000;
let timer = null;
let again = null;

export function keepPresence(panes) {
  clearInterval(timer);
  removeEventListener("focus", again);
  if (!panes()?.dataset.here) return;
  again = () => beat(panes);
  timer = setInterval(again, EVERY);
  addEventListener("focus", again); // one who comes back to the page sees at once what is new
  beat(panes);
}

async function beat(panes) {
  const root = panes();
  if (!root?.dataset.here || document.hidden) return;
  const open = root.querySelector("[data-open-form]");
  const fields = new URLSearchParams({ since: root.dataset.edits, editing: open?.dataset.item ?? "" });
  const headers = JSON.parse(document.body.getAttribute("hx-headers"));
  let told;
  try {
    const answer = await fetch(root.dataset.here, { method: "POST", body: fields, headers });
    if (!answer.ok) return;
    told = await answer.json();
  } catch {
    return; // the line is down: the next beat asks again
  }
  showOthers(told.others, root);
  if (told.status !== "review") return location.reload();
  if (told.words.length) news(told.words);
  if (told.structural) {
    if (open) return offerRefresh(root);
    root.dataset.edits = told.edits;
    htmx.ajax("GET", root.dataset.panes, { target: "#panes", swap: "outerHTML" });
    return;
  }
  root.dataset.edits = told.edits;
  for (const item of told.changed) {
    const card = document.getElementById(`i-${item}`);
    if (!card) continue;
    if (card.matches("[data-open-form]")) warn(card);
    else htmx.ajax("GET", `${root.dataset.panes.replace(/panes\/$/, "items/")}${item}/`, { target: card, swap: "outerHTML" });
  }
}

function showOthers(others, root) {
  const place = document.getElementById("others");
  place.replaceChildren();
  for (const card of root.querySelectorAll("[data-item][data-other]")) delete card.dataset.other;
  for (const one of others) {
    const badge = document.createElement("span");
    badge.className = "badge nl-other";
    badge.textContent = `${one.name}也在审阅`;
    place.append(badge);
    const card = one.editing && document.getElementById(`i-${one.editing}`);
    if (card) card.dataset.other = `${one.name}正在改这一条`;
  }
}

export function news(words) {
  const toast = document.getElementById("toast");
  const said = document.createElement("div");
  said.className = "nl-toast";
  said.textContent = words.join("；");
  toast.replaceChildren(said);
  setTimeout(() => said.remove(), 8000);
}

function offerRefresh(root) {
  if (root.querySelector("[data-refresh]")) return;
  const bar = document.createElement("div");
  bar.className = "alert alert-warning";
  bar.dataset.refresh = "";
  bar.setAttribute("role", "status");
  bar.textContent = "别人刚刚合并、拆分或添加了任务；您保存或取消后会看到最新的。";
  root.querySelector(".nl-pane-items").prepend(bar);
}

function warn(card) {
  if (card.querySelector("[data-warned]")) return;
  const line = document.createElement("p");
  line.dataset.warned = "";
  line.className = "nl-said-wrong";
  line.setAttribute("role", "status");
  line.textContent = "别人刚刚改了这一条；您保存时可以比较两边再选。";
  card.prepend(line);
}
