// A form is sent once: its buttons wait, marked busy, until the next page. The server is idempotent anyway.
const WAITING = "data-ep-waiting";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog" || form.target === "_blank") return;
  if (form.hasAttribute("data-ep-repeat") || form.method !== "post") return;
  if (form.hasAttribute(WAITING)) {
    event.preventDefault();
    return;
  }
  form.setAttribute(WAITING, "");
  // Disabling at once would drop the name and value of the button that was pressed.
  setTimeout(() => {
    for (const button of buttonsOf(form)) button.disabled = true;
    event.submitter?.setAttribute("aria-busy", "true");
  });
});

function buttonsOf(form) {
  return [...form.elements].filter((element) => element.type === "submit" && !element.disabled);
}

function release(form) {
  form.removeAttribute(WAITING);
  for (const button of form.elements) {
    if (button.type !== "submit") continue;
    button.disabled = false;
    button.removeAttribute("aria-busy");
  }
}

// Coming back through the history shows the page as it was left: let it be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll(`form[${WAITING}]`)) release(form);
});
// An htmx form stays on the page after its answer; a download keeps its page too.
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.(`form[${WAITING}]`);
  if (form) release(form);
});
