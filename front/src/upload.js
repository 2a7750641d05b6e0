// Putting in a plan: a file dropped on the form, and its size told before it is sent.
export function watchUploads() {
  const form = document.querySelector("[data-upload]");
  if (!form) return;
  const file = form.querySelector("input[type=file]");
  const text = form.querySelector("textarea");
  const drop = form.querySelector("[data-drop]");
  const wrong = form.querySelector("[data-too-big]");
  const send = form.querySelector("[type=submit]");

  const check = () => {
    const chosen = file.files[0];
    const characters = [...text.value].length;
    let said = "";
    if (chosen && chosen.size > Number(form.dataset.mostBytes)) said = "文件超过 20 MB，请删去图片，或只上传计划正文。";
    else if (chosen && /\.(doc|wps)$/i.test(chosen.name)) said = "这是旧版 .doc 或 .wps 文件，请用 Word 或 WPS 打开，另存为 .docx 后再上传。";
    else if (characters > Number(form.dataset.mostCharacters)) said = `粘贴的文字有 ${characters} 字，超过 50 万字，请只粘贴一份计划的正文。`;
    wrong.textContent = said;
    wrong.hidden = !said;
    send.disabled = Boolean(said);
    if (chosen) {
      form.querySelector("[data-drop-hint]").textContent = `已选：${chosen.name}（${(chosen.size / 1024).toFixed(0)} KB）`;
      guessYear(form, chosen.name);
    } else if (text.value) guessYear(form, text.value.slice(0, 200));
  };
  form.elements.year?.addEventListener("input", (event) => (event.target.dataset.touched = "1"));
  file.addEventListener("change", check);
  text.addEventListener("input", check);
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

function guessYear(form, words) {
  const year = words.match(/20\d\d(?=\s*年)|20\d\d/)?.[0];
  const field = form.elements.year;
  if (year && field && !field.dataset.touched) field.value = year;
}
