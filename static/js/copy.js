// Copy buttons appear where the browser can copy, and say that it is done.
const DONE = "Copié";

function prepare(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("[data-ep-copy]")) button.hidden = false;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-ep-copy]");
  if (!button) return;
  const label = button.querySelector("[data-ep-copy-label]");
  const before = label.dataset.epBefore ?? label.textContent;
  label.dataset.epBefore = before;
  try {
    await navigator.clipboard.writeText(button.dataset.epCopy);
    label.textContent = DONE;
    document.dispatchEvent(new CustomEvent("ep:announce", { detail: DONE }));
  } catch {
    label.textContent = "Copie refusée par le navigateur";
  }
  setTimeout(() => { label.textContent = before; }, 4000);
});

document.addEventListener("htmx:afterSettle", (event) => prepare(event.detail.elt));
prepare(document);
