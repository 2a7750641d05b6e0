// A form with data-confirm asks first, in a dialog that can be left with Escape; for what cannot easily be undone.
export function askBeforeSending(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    const question = form.dataset?.confirm;
    if (!question || form.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(question).then((yes) => {
      if (!yes) return;
      form.dataset.confirmed = "1";
      form.requestSubmit(event.submitter);
    });
  }, true);
}

export function ask(question) {
  const dialog = document.createElement("dialog");
  dialog.className = "nl-ask card";
  const text = document.createElement("p");
  text.textContent = question;
  const form = document.createElement("form");
  form.method = "dialog";
  form.className = "btn-list justify-content-end";
  for (const [value, label, look] of [["no", "取消", "btn"], ["yes", "确定", "btn btn-primary"]]) {
    const button = document.createElement("button");
    button.value = value;
    button.textContent = label;
    button.className = look;
    form.append(button);
  }
  dialog.append(text, form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener("close", () => {
      done(dialog.returnValue === "yes");
      dialog.remove();
    });
  });
}
