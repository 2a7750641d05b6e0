// Ledgers beside items of a plan. On the plan's page of ledgers all suggestions are ticked at once; j and k go from
// item to item, x ticks one.
import "./binding.css";

export function startBinding(root) {
  root.addEventListener("htmx:afterSwap", swapped);
  const table = root.querySelector("[data-rows-by-key]");
  if (!table) return;
  table.addEventListener("change", (event) => {
    if (!event.target.matches("[data-tick-all]")) return;
    for (const box of table.querySelectorAll("tbody .ng-tick input")) box.checked = event.target.checked;
  });
  root.addEventListener("keydown", (event) => pressed(event, [...table.querySelectorAll("tbody > tr")]));
}

// What was just swapped in takes the focus that its button had, so that the next key goes on from there.
function swapped(event) {
  const was = event.detail.target;
  if (!was?.id?.startsWith("ledgers-")) return;
  const now = document.getElementById(was.id);
  const next = now?.querySelector("[autofocus]") ?? now?.closest("tr, [data-item]") ?? now?.querySelector("button");
  next?.focus({ preventScroll: true });
}

function pressed(event, rows) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input:not([type=checkbox]), select, textarea")) return;
  const at = rows.indexOf(document.activeElement?.closest("tbody > tr"));
  if (event.key === "j" || event.key === "k") {
    event.preventDefault();
    rows[Math.max(0, Math.min(rows.length - 1, at + (event.key === "j" ? 1 : -1)))]?.focus();
  } else if (event.key === "x" && at >= 0) {
    event.preventDefault();
    rows[at].querySelector(".ng-tick input")?.click();
  }
}
