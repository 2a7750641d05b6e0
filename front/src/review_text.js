// The plan's text in the page: offsets are characters (code points), as the server counts them.
const length = (text) => [...text].length;

// The offset of a point of the page's text, or null outside of it.
export function offsetOf(node, at) {
  const piece = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-at]");
  if (!piece) return null;
  const before = document.createRange();
  before.selectNodeContents(piece);
  before.setEnd(node, at);
  return Number(piece.dataset.at) + length(before.toString());
}

// The stretch from `start` to `end` as a range of the page; null where the text is not shown.
export function rangeOf(root, start, end) {
  const pieces = [...root.querySelectorAll("[data-at]")];
  const from = place(pieces, start, false);
  const to = place(pieces, end, true);
  if (!from || !to) return null;
  const range = document.createRange();
  range.setStart(...from);
  range.setEnd(...to);
  return range;
}

function place(pieces, offset, isEnd) {
  let low = 0;
  let high = pieces.length - 1;
  const wanted = isEnd ? offset - 1 : offset;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (Number(pieces[middle].dataset.at) <= wanted) low = middle;
    else high = middle - 1;
  }
  const node = pieces[low]?.firstChild;
  if (!node) return null;
  const characters = [...node.textContent].slice(0, Math.max(0, offset - Number(pieces[low].dataset.at)));
  return [node, Math.min(characters.join("").length, node.textContent.length)];
}

// What the check-up found in the words themselves is underlined in the text.
export function markFindings(root) {
  if (!("highlights" in CSS)) return;
  const text = root.querySelector("[data-text]");
  const ranges = [...root.querySelectorAll("[data-findings-words] [data-goto]")]
    .map((found) => rangeOf(text, Number(found.dataset.goto), Number(found.dataset.end)))
    .filter(Boolean);
  CSS.highlights.set("nl-finding", new Highlight(...ranges));
}

// A selection in the text offers to become an item.
export function watchSelection(panes) {
  const offer = document.createElement("button");
  offer.type = "button";
  offer.className = "btn btn-primary nl-offer d-print-none";
  offer.textContent = "添加为任务";
  offer.hidden = true;
  document.body.append(offer);
  let chosen = null;
  document.addEventListener("selectionchange", () => {
    chosen = stretch(panes()?.dataset.add ? panes().querySelector("[data-text]") : null);
    offer.hidden = !chosen;
    if (!chosen) return;
    const box = getSelection().getRangeAt(0).getBoundingClientRect();
    offer.style.left = `${Math.max(8, Math.min(box.left, innerWidth - 140))}px`;
    offer.style.top = `${Math.min(Math.max(8, box.bottom + 8), innerHeight - 56)}px`;
  });
  offer.addEventListener("mousedown", (event) => event.preventDefault()); // keep the selection
  offer.addEventListener("click", () => {
    const root = panes();
    if (!root || !chosen) return;
    const values = { revision: root.dataset.revision, start: chosen[0], end: chosen[1] };
    getSelection().removeAllRanges();
    window.htmx.ajax("POST", root.dataset.add, { target: "#panes", swap: "outerHTML", values });
  });
}

function stretch(text) {
  const selection = getSelection();
  if (!text || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  if (!text.contains(range.commonAncestorContainer)) return null;
  const start = offsetOf(range.startContainer, range.startOffset);
  const end = offsetOf(range.endContainer, range.endOffset) ?? edge(text, range);
  return start !== null && end !== null && end - start > 1 ? [start, end] : null;
}

// A triple click ends at the beginning of the next line: take the end of the last piece that the range touches.
function edge(text, range) {
  const touched = [...text.querySelectorAll("[data-at]")].filter((piece) => range.intersectsNode(piece));
  const last = touched.at(-1);
  return last ? Number(last.dataset.at) + length(last.textContent) : null;
}
