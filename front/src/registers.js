// Forms of registers: Ctrl+Enter saves from any field; what stands in the way of saving is read out first.
import "./registers.css";

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  const form = event.target.closest?.("form[data-quick-save]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("[data-save]"));
});

export function startRegisters(root) {
  root.querySelector("[data-first]")?.focus();
}
