// Says how many lines are ticked, adds a box that ticks the whole page, and offers the acts these lines allow; the form
// works without it.
const form = document.querySelector("[data-ep-selection]");
if (form) {
  const said = form.querySelector("[data-ep-selection-text]");
  const idle = said.textContent;
  const every = form.elements.tout;
  const acts = new Map(form.dataset.epSelection.split(" ").map((part) => {
    const [act, statuses] = part.split("=");
    return [act, statuses?.split(",")];
  }));
  const boxes = [...document.querySelectorAll(`input[type="checkbox"][form="${form.id}"]`)];
  const page = boxes.length > 1 ? wholePage() : null;

  const update = () => {
    const count = boxes.filter((box) => box.checked).length;
    for (const box of boxes) box.disabled = Boolean(every?.checked);
    if (page) {
      page.checked = count === boxes.length;
      page.indeterminate = count > 0 && count < boxes.length;
      page.disabled = Boolean(every?.checked);
    }
    const words = every?.checked ? every.labels[0].textContent.replace("Sélectionner les", "Tous les")
      : count > 1 ? `${count} demandes sélectionnées sur cette page`
      : count ? "1 demande sélectionnée sur cette page" : idle;
    if (words !== said.textContent) said.textContent = words;
    offer(every?.checked ? [] : boxes.filter((box) => box.checked).map((box) => box.dataset.epStatut));
  };

  // « prendre=ENVOYEE,COMPLETEE »: an act that one of the ticked lines would refuse is not offered.
  function offer(statuses) {
    for (const option of form.elements.acte.options) {
      const allowed = acts.get(option.value.split(":")[0]);
      option.disabled = Boolean(allowed) && !statuses.every((status) => allowed.includes(status));
      if (option.disabled && option.selected) form.elements.acte.value = "";
    }
  }

  said.setAttribute("role", "status");
  for (const box of boxes) box.addEventListener("change", update);
  every?.addEventListener("change", update);
  // A page that comes back through the history has its answers put back after this.
  window.addEventListener("pageshow", update);
  update();

  function wholePage() {
    const head = boxes[0].closest("table").querySelector("thead th");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.className = "form-check-input";
    box.setAttribute("aria-label", "Sélectionner toutes les demandes de cette page");
    box.addEventListener("change", () => {
      for (const other of boxes) other.checked = box.checked;
      update();
    });
    const holder = document.createElement("div");
    holder.className = "form-check";
    holder.append(box);
    head.append(holder);
    return box;
  }
}
