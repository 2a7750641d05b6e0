// A secret field shown for a purpose: a dialog asks for it, the value comes in place of the mask and goes again by
// itself; it also goes when the page is left or printed, so that no copy of the page keeps it.
const shown = new Map(); // the revealed element -> its timer

export function watchSecrets(root) {
  root.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-reveal]");
    if (opener) document.getElementById(opener.dataset.reveal).showModal();
    event.target.closest("dialog [data-close]")?.closest("dialog").close();
    const hider = event.target.closest("[data-hide]");
    if (hider) hide(hider.closest("[data-seconds]"), true);
  });
  root.addEventListener("htmx:load", (event) => {
    const revealed = event.target.closest?.("[data-seconds]");
    if (revealed) begin(revealed);
  });
  for (const leaving of ["pagehide", "beforeprint"]) addEventListener(leaving, () => [...shown.keys()].forEach(hide));
}

// By id, not by containment: in a paragraph the parser puts the dialog behind it.
function partsOf(revealed) {
  const { id } = revealed.closest("[data-secret]");
  return { dialog: document.getElementById(`${id}-dialog`), opener: document.querySelector(`[data-reveal="${id}-dialog"]`) };
}

function begin(revealed) {
  const { dialog, opener } = partsOf(revealed);
  dialog.close();
  opener.hidden = true;
  revealed.querySelector("[data-hide]").focus();
  shown.set(revealed, setTimeout(() => hide(revealed), Number(revealed.dataset.seconds) * 1000));
}

function hide(revealed, byHand) {
  clearTimeout(shown.get(revealed));
  shown.delete(revealed);
  const { opener } = partsOf(revealed);
  const focused = byHand === true || revealed.contains(document.activeElement);
  revealed.replaceWith(revealed.dataset.mask);
  opener.hidden = false;
  if (focused) opener.focus();
}
