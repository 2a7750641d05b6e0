// A box that finds records while one types: a combobox with a list, by the keyboard too. What is chosen stands in a
// hidden field; a box that was changed and not chosen from holds nothing.
const PAUSE = 200;
let lists = 0;

export function watchPickers(form) {
  for (const picker of form.querySelectorAll("[data-picker]")) watch(form, picker);
}

function watch(form, picker) {
  const words = picker.querySelector("[data-words]");
  const value = picker.querySelector("[data-value]");
  picker.querySelector("[data-found]")?.remove();
  value.disabled = false;
  const list = document.createElement("ul");
  list.id = `picker-${++lists}`;
  list.className = "ng-picked card";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "找到的");
  list.hidden = true;
  words.after(list);
  words.setAttribute("role", "combobox");
  words.setAttribute("aria-expanded", "false");
  words.setAttribute("aria-controls", list.id);
  words.setAttribute("aria-autocomplete", "list");
  let timer;
  let asked = 0;
  let at = -1;

  function show(open) {
    list.hidden = !open;
    words.setAttribute("aria-expanded", String(open));
    if (!open) words.removeAttribute("aria-activedescendant");
  }

  function point(next) {
    const options = [...list.querySelectorAll("[role=option]")];
    if (!options.length) return;
    at = (next + options.length) % options.length;
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
    words.setAttribute("aria-activedescendant", options[at].id);
    options[at].scrollIntoView({ block: "nearest" });
  }

  function choose(option) {
    value.value = option.dataset.value;
    words.value = option.dataset.title;
    show(false);
    value.dispatchEvent(new Event("change", { bubbles: true }));
  }

  async function look() {
    const mine = ++asked;
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("kind", picker.dataset.picker);
    body.set("q", value.value ? "" : words.value);
    const answer = await fetch(form.dataset.pick, { method: "POST", body }).catch(() => null);
    if (mine !== asked) return;
    const found = answer?.ok ? (await answer.json()).found : null;
    list.replaceChildren(...(found?.length ? found.map(option) : [nothing(found)]));
    at = -1;
    show(document.activeElement === words && (Boolean(words.value) || Boolean(found?.length)));
  }

  function option({ value: chosen, title, note }, place) {
    const made = document.createElement("li");
    made.id = `${list.id}-${place}`;
    made.setAttribute("role", "option");
    made.setAttribute("aria-selected", "false");
    made.dataset.value = chosen;
    made.dataset.title = title;
    made.textContent = title;
    if (note) {
      const hint = document.createElement("span");
      hint.className = "nr-hint ms-2";
      hint.textContent = note;
      made.append(hint);
    }
    made.addEventListener("mousedown", (event) => event.preventDefault());
    made.addEventListener("click", () => choose(made));
    return made;
  }

  function nothing(found) {
    const made = document.createElement("li");
    made.className = "nr-hint";
    made.setAttribute("role", "presentation");
    made.textContent = found ? "没有找到，请换个词" : "没有网络，请稍后再查";
    return made;
  }

  words.addEventListener("input", () => {
    if (value.value) {
      value.value = "";
      value.dispatchEvent(new Event("change", { bubbles: true }));
    }
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
  words.addEventListener("focus", look);
  words.addEventListener("blur", () => show(false));
  words.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) look();
      else point(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && !list.hidden && !event.ctrlKey) {
      event.preventDefault();
      const options = list.querySelectorAll("[role=option]");
      const chosen = options[at] ?? (options.length === 1 ? options[0] : null);
      if (chosen) choose(chosen);
    } else if (event.key === "Escape") {
      show(false);
    }
  });
}
