// Select2 gives its box no name: take that of the label of the list it stands for.
function name(box) {
  const select = box.closest(".related-widget-wrapper, .flex-container, td, div")?.querySelector("select.admin-autocomplete");
  const label = select && document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
  const text = label?.textContent.replace(/[\s:]+$/u, "").trim();
  if (!text) return;
  box.setAttribute("aria-label", `${text} : ${box.textContent.trim() || "aucun choix"}`);
  box.removeAttribute("aria-labelledby");
  const shown = box.querySelector(".select2-selection__rendered");
  shown?.removeAttribute("role");
  shown?.removeAttribute("aria-readonly");
}

function nameAll() {
  document.querySelectorAll(".select2-selection").forEach(name);
  document.querySelectorAll(".select2-search__field").forEach((field) => field.setAttribute("aria-label", "Rechercher"));
  document.querySelectorAll(".select2-results__options").forEach((list) => list.setAttribute("aria-label", "Résultats"));
}

new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true });
nameAll();
