// Putting in a sheet: a file dropped on the form, its size and kind told before it is sent.
import "./sheets.css";

const OTHER_KINDS = /\.(docx?|wps|pdf|pptx?|zip|rar|7z|jpe?g|png|numbers|et)$/i;

export function watchSheets() {
  const form = document.querySelector("[data-sheet-upload]");
  if (!form) return;
  const file = form.querySelector("input[type=file]");
  const drop = form.querySelector("[data-drop]");
  const wrong = form.querySelector("[data-too-big]");
  const send = form.querySelector("[type=submit]");
  const label = send.innerHTML;

  const check = () => {
    const chosen = file.files[0];
    let said = "";
    if (chosen && chosen.size > Number(form.dataset.mostBytes)) said = "文件超过 30 MB，请删去图片和用不到的工作表，或拆成几个文件。";
    else if (chosen && OTHER_KINDS.test(chosen.name)) said = "这不是能读的表格，请用 Excel 或 WPS 表格另存为 .xlsx 再上传。";
    wrong.textContent = said;
    wrong.hidden = !said;
    send.disabled = Boolean(said);
    send.innerHTML = label;
  };
  file.addEventListener("change", check);
  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.add("is-over");
    });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("is-over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("is-over");
    if (!event.dataTransfer.files.length) return;
    file.files = event.dataTransfer.files;
    check();
  });
  form.addEventListener("submit", () => {
    send.disabled = true;
    send.textContent = send.dataset.wait;
  });
  addEventListener("pageshow", check); // coming back by the browser's button
}
