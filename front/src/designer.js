// The form of a field: what its kind has no use for is not shown; the server judges.
import "./designer.css";

const NUMERIC = new Set(["integer", "decimal", "money", "score"]);
const CHOOSING = new Set(["choice", "choices"]);
const COUNTED = new Set(["choices", "photos", "files"]);
const LONG = new Set(["text", "long_text"]);
const SENSITIVE = new Set(["photos", "location", "signature"]);
const USED = {
  choices: (kind) => CHOOSING.has(kind),
  in_filters: (kind) => CHOOSING.has(kind),
  unit: (kind) => NUMERIC.has(kind) || kind === "computed",
  least: (kind) => NUMERIC.has(kind) || COUNTED.has(kind),
  most: (kind) => NUMERIC.has(kind) || COUNTED.has(kind) || LONG.has(kind),
  compute: (kind) => kind === "computed",
  checklist: (kind) => kind === "checklist",
  purpose: (kind) => SENSITIVE.has(kind),
  required: (kind) => kind !== "computed",
  required_if: (kind) => kind !== "computed",
};

export function startDesigner(root) {
  for (const form of root.querySelectorAll('[data-design="field"]')) {
    const kind = form.elements.kind;
    const follow = () => {
      for (const [name, used] of Object.entries(USED)) {
        const input = form.querySelector(`[data-input="${name}"]`);
        if (input) input.hidden = !used(kind.value);
      }
    };
    kind.addEventListener("change", follow);
    follow();
  }
}
