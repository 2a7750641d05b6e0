// Pictures are made smaller here before they are sent, one by one, each as soon as it is chosen; the form keeps their ids.
const LONGEST = 1600;
const QUALITY = 0.8;

export function watchFiles(form) {
  form.addEventListener("change", async (event) => {
    const input = event.target;
    const kind = input.dataset?.sendFile;
    if (!kind || !input.files.length) return;
    const field = input.closest("fieldset");
    const said = field.querySelector("[data-told]");
    const chosen = [...input.files];
    input.value = "";
    for (const [place, file] of chosen.entries()) {
      said.textContent = `正在上传 ${place + 1} / ${chosen.length}…`;
      const refused = await upload(form, field, kind, input.dataset.name, file, file.name);
      if (refused) {
        said.textContent = refused;
        return;
      }
    }
    said.textContent = `已传 ${chosen.length} 个。`;
    form.dispatchEvent(new Event("change"));
  });
  form.addEventListener("click", (event) => {
    const drop = event.target.closest("[data-remove]");
    if (!drop) return;
    drop.closest("[data-file]").remove();
    form.dispatchEvent(new Event("change"));
  });
}

// Sends one file; gives what stands against it, or nothing.
export async function upload(form, field, kind, name, file, called) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.set("kind", kind);
  body.set("file", kind === "signature" ? file : await smaller(file), called);
  const answer = await fetch(form.dataset.files, { method: "POST", body }).catch(() => null);
  if (!answer) return "没有网络，没有传上去。有信号时请再选一次。";
  const kept = await answer.json().catch(() => ({}));
  if (!answer.ok) return kept.refused ?? "没有传上去，请再试一次。";
  const list = field.querySelector("[data-list]");
  if (kind === "signature") list.replaceChildren();
  list.append(shownFile(kept, name));
  return "";
}

async function smaller(file) {
  if (!file.type.startsWith("image/")) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => canvas.toBlob((made) => done(made ?? file), "image/jpeg", QUALITY));
  } catch {
    return file; // the server says whether it is a picture
  }
}

export function shownFile(kept, name) {
  const item = document.createElement("li");
  item.dataset.file = "";
  const link = document.createElement("a");
  link.href = kept.address;
  link.target = "_blank";
  if (kept.picture) {
    const picture = document.createElement("img");
    picture.src = `${kept.address}?small=1`;
    picture.alt = kept.name;
    link.append(picture);
  } else {
    link.textContent = kept.name;
  }
  const id = document.createElement("input");
  id.type = "hidden";
  id.name = name;
  id.value = kept.id;
  const drop = document.createElement("button");
  drop.type = "button";
  drop.className = "btn";
  drop.dataset.remove = "";
  drop.setAttribute("aria-label", `去掉 ${kept.name}`);
  drop.textContent = "×";
  item.append(link, id, drop);
  return item;
}
