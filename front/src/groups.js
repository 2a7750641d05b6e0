// An election: somebody found is ticked and moves up into the new roster, once.
import "./groups.css";

document.addEventListener("change", (event) => {
  const found = event.target.closest?.("#found");
  const chosen = document.querySelector("#chosen");
  if (!found || !chosen || event.target.name !== "who" || !event.target.checked) return;
  const row = event.target.closest("li");
  const there = [...chosen.children].find((one) => one.dataset.who === row.dataset.who);
  if (there) {
    there.querySelector("[name=who]").checked = true;
    row.remove();
  } else {
    chosen.append(row);
  }
  (there ?? row).querySelector(".form-control").focus();
});

// Enter in the box looks for people; it does not send the form.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches?.("[data-no-enter]")) event.preventDefault();
});
