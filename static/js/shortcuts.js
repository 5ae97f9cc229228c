// Optional keyboard shortcuts, loaded only for those who asked for them in their profile. They move, they never act;
// nothing happens in a field, in a dialog, or with Ctrl, Alt or Meta. The keys are listed on « Raccourcis clavier ».
const PLACES = { r: "#id_q", a: "#actions" };

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  const at = event.target;
  if (at.closest("input, select, textarea, [contenteditable], dialog") || document.querySelector("dialog[open]")) return;
  if (event.key === "?") {
    event.preventDefault();
    window.location.assign("/espace-caisse/raccourcis/");
    return;
  }
  if (event.shiftKey || !/^[a-z]$/.test(event.key)) return;
  const link = document.querySelector(`[data-ep-key="${event.key}"] a`);
  const place = PLACES[event.key] && document.querySelector(PLACES[event.key]);
  if (!link && !place) return;
  event.preventDefault();
  if (link) link.click();
  else place.focus();
});
