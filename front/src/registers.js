// Forms of registers: Ctrl+Enter saves from any field; what stands in the way of saving is read out first, and a new
// form begins in its first field.
import "./registers.css";

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  const form = event.target.closest?.("form[data-quick-save]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("[data-save]"));
});

export function startRegisters(root) {
  const first = root.querySelector("[data-first]") ?? root.querySelector("form[data-new] .nr-input :is(input, select, textarea)");
  first?.focus();
}
