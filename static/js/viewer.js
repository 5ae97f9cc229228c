/* The viewer of a pièce: larger, smaller, turned. Without it the pages are still there, one under the other. */

const WIDTHS = 4;

function show(root) {
  for (const tools of root.querySelectorAll("[data-ep-viewer-tools]")) tools.hidden = false;
}

// Another pièce takes the place of the one shown without a new page: the buttons are listened to from above.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-ep-viewer-tools] button");
  if (!button) return;
  const { dataset } = button.closest("[data-ep-viewer]").querySelector(".ep-viewer__pages");
  if ("epViewerTurn" in button.dataset) {
    dataset.turn = String((Number(dataset.turn ?? 0) + 90) % 360);
  } else {
    dataset.zoom = String(Math.min(WIDTHS - 1, Math.max(0, Number(dataset.zoom ?? 0) + Number(button.dataset.epViewerZoom))));
  }
});

document.addEventListener("htmx:afterSettle", () => show(document));
show(document);
