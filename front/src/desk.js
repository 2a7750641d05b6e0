// Lists of work: ticking several rows, the bar that acts on them, copying the week, printing it.
import "./desk.css";

document.documentElement.classList.add("nd-js");

function ticks() {
  return [...document.querySelectorAll('input[data-tick]')];
}

function showBar() {
  const bar = document.querySelector("[data-bar]");
  if (!bar) return;
  const count = ticks().filter((tick) => tick.checked).length;
  bar.classList.toggle("nd-shown", count > 0);
  bar.querySelector("[data-bar-count]").textContent = String(count);
  for (const line of document.querySelectorAll("[data-nd-line]")) {
    const inside = [...line.querySelectorAll('input[data-tick]')];
    const all = line.querySelector("[data-all]");
    const checked = inside.filter((tick) => tick.checked).length;
    all.checked = checked > 0 && checked === inside.length;
    all.indeterminate = checked > 0 && checked < inside.length;
  }
}

let last = null;

// Shift and a click tick everything between this row and the one ticked before.
document.addEventListener("click", (event) => {
  const tick = event.target.closest?.('input[data-tick]');
  if (!tick) return;
  if (event.shiftKey && last && last !== tick) {
    const all = ticks();
    const [from, to] = [all.indexOf(last), all.indexOf(tick)].sort((a, b) => a - b);
    for (const between of all.slice(from, to + 1)) between.checked = tick.checked;
  }
  last = tick;
});

document.addEventListener("change", (event) => {
  const target = event.target;
  if (target.matches("[data-all]")) {
    for (const tick of target.closest("[data-nd-line]").querySelectorAll('input[data-tick]')) tick.checked = target.checked;
  }
  if (target.matches("[data-all], input[data-tick]")) showBar();
  if (target.matches("form[data-autosubmit] select")) target.form.requestSubmit();
  if (target.matches("form[data-rhythm] [name='rhythm']")) showRhythm(target.form);
});

function showRhythm(form) {
  const rhythm = form.elements.rhythm.value;
  for (const part of form.querySelectorAll("[data-for]")) part.hidden = !part.dataset.for.split(" ").includes(rhythm);
}

async function copy(source) {
  try {
    await navigator.clipboard.writeText(source.value);
  } catch {
    source.focus();
    source.select();
    return document.execCommand("copy"); // where the page is not served over HTTPS
  }
  return true;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-bar-clear], [data-copy], [data-print]");
  if (!button) return;
  if (button.matches("[data-bar-clear]")) {
    for (const tick of ticks()) tick.checked = false;
    showBar();
  } else if (button.matches("[data-print]")) {
    window.print();
  } else {
    const done = await copy(document.querySelector(button.dataset.copy));
    document.querySelector("[data-copied]").textContent = done ? "已复制，可以粘贴到工作群。" : "没能复制，请在文本框里选中后复制。";
  }
});

// The main menu of browsers brings back ticks after going back; the bar must agree with them.
window.addEventListener("pageshow", showBar);
for (const form of document.querySelectorAll("form[data-rhythm]")) showRhythm(form);
showBar();
