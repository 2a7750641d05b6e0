// The search box: "/" goes to it, arrows walk its suggestions, Escape closes them.
import "./search.css";

function choices(list) {
  return [...list.querySelectorAll("a[role='option']")];
}

function choose(box, list, step) {
  const all = choices(list);
  if (!all.length) return;
  const now = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
  const next = now < 0 && step < 0 ? all.length - 1 : (now + step + all.length) % all.length;
  all.forEach((one, index) => one.setAttribute("aria-selected", String(index === next)));
  box.setAttribute("aria-activedescendant", all[next].id);
  all[next].scrollIntoView({ block: "nearest" });
}

function show(box, list, shown) {
  list.hidden = !shown;
  box.setAttribute("aria-expanded", String(shown));
  if (!shown) {
    box.removeAttribute("aria-activedescendant");
    for (const one of choices(list)) one.setAttribute("aria-selected", "false");
  }
}

function typing(target) {
  return target.closest("input, textarea, select, [contenteditable]") !== null;
}

export function startSearch() {
  const form = document.querySelector("[data-search]");
  if (!form) return;
  const box = form.elements.q;
  const list = form.querySelector("[role='listbox']");
  // On the window, so that a page with a box of its own is asked first.
  window.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.childElementCount) {
        event.preventDefault();
        show(box, list, true);
        choose(box, list, event.key === "ArrowDown" ? 1 : -1);
      }
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      show(box, list, false);
    } else if (event.key === "Enter" && !list.hidden) {
      const chosen = list.querySelector("[aria-selected='true']");
      if (chosen) {
        event.preventDefault();
        chosen.click();
      }
    }
  });
  list.addEventListener("htmx:afterSwap", () => show(box, list, list.childElementCount > 0 && document.activeElement === box));
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) show(box, list, false);
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus until the link is followed
}
