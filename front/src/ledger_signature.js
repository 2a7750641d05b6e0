// A signature drawn with a finger; it is sent as a picture just before the form is.
import { upload } from "./ledger_files.js";

export function watchSignatures(form) {
  const drawn = new Map();
  for (const place of form.querySelectorAll("[data-signature]")) {
    const canvas = place.querySelector("canvas");
    const again = place.querySelector("[data-again]");
    canvas.hidden = again.hidden = false;
    const pen = canvas.getContext("2d");
    pen.lineWidth = 3;
    pen.lineCap = "round";
    let on = false;
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      return [(event.clientX - box.left) * (canvas.width / box.width), (event.clientY - box.top) * (canvas.height / box.height)];
    };
    canvas.addEventListener("pointerdown", (event) => {
      on = true;
      canvas.setPointerCapture(event.pointerId);
      pen.beginPath();
      pen.moveTo(...at(event));
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!on) return;
      pen.lineTo(...at(event));
      pen.stroke();
      drawn.set(place, canvas);
    });
    canvas.addEventListener("pointerup", () => { on = false; });
    again.addEventListener("click", () => {
      pen.clearRect(0, 0, canvas.width, canvas.height);
      drawn.delete(place);
      place.querySelector("[data-list]").replaceChildren();
    });
  }
  form.addEventListener("submit", async (event) => {
    if (!drawn.size) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    for (const [place, canvas] of drawn) {
      const picture = await new Promise((done) => canvas.toBlob(done, "image/png"));
      const refused = await upload(form, place, "signature", place.dataset.signature, picture, "签名.png");
      if (refused) {
        place.querySelector("[data-told]").textContent = refused;
        return;
      }
      drawn.delete(place);
    }
    form.requestSubmit(event.submitter);
  });
}
