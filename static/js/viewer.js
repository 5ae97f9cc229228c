/* The viewer of a pièce: larger, smaller, turned. Without it the pages are still there, one under the other. */

const WIDTHS = 4;

for (const viewer of document.querySelectorAll("[data-ep-viewer]")) {
  const pages = viewer.querySelector(".ep-viewer__pages");
  const tools = viewer.querySelector("[data-ep-viewer-tools]");
  let zoom = 0;
  let turn = 0;

  const draw = () => {
    pages.dataset.zoom = String(zoom);
    pages.dataset.turn = String(turn);
  };

  tools.hidden = false;
  tools.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if ("epViewerTurn" in button.dataset) {
      turn = (turn + 90) % 360;
    } else {
      zoom = Math.min(WIDTHS - 1, Math.max(0, zoom + Number(button.dataset.epViewerZoom)));
    }
    draw();
  });
  draw();
}
