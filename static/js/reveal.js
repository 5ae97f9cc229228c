// Shows what depends on an answer once it is given: <div data-ep-reveal="urgente"> waits for the tick of that name,
// <div data-ep-reveal="difficultes=RENONCEMENT_SOINS"> for that choice, or for that field to be filled in, "a=X&b=Y" for both. What holds an answer
// or an error stays in view, so that nothing is posted unseen; without JavaScript everything is there.
for (const part of document.querySelectorAll("[data-ep-reveal]")) {
  const form = part.closest("form");
  const answers = part.dataset.epReveal.split("&").map((answer) => answer.split("="));
  const update = () => { part.hidden = !answers.every(([name, value]) => given(form, name, value)) && !holds(part); };
  form.addEventListener("change", update);
  // A page that comes back through the history has its answers put back after this.
  window.addEventListener("pageshow", update);
  update();
}

function given(form, name, value) {
  return [...form.elements].some((field) => field.name === name && filled(field) && (!value || field.value === value));
}

function filled(field) {
  return ["checkbox", "radio"].includes(field.type) ? field.checked : field.value !== "";
}

function holds(part) {
  if (part.querySelector(".ep-field--invalid") || part.contains(document.activeElement)) return true;
  return [...part.querySelectorAll("input, select, textarea")].some(filled);
}
