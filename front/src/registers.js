// Forms of registers: Ctrl+Enter saves from any field; what stands in the way of saving is read out first, and a new
// form begins in its first field. On a phone the filters of a list unfold when asked for.
import "./registers.css";

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  const form = event.target.closest?.("form[data-quick-save]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("[data-save]"));
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.(".nr-unfold");
  if (!button) return;
  const open = document.getElementById(button.getAttribute("aria-controls")).classList.toggle("nr-open");
  button.setAttribute("aria-expanded", String(open));
});

export function startRegisters(root) {
  const first = root.querySelector("[data-first]") ?? root.querySelector("form[data-new] .nr-input :is(input, select, textarea)");
  first?.focus();
}
