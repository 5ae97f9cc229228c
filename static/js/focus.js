// Focus and announcements: error summary, dialogs, menus, alerts, and what htmx swaps.
// Any module announces with document.dispatchEvent(new CustomEvent("ep:announce", { detail: "text" })).

const live = document.querySelector("[data-ep-live]");

document.addEventListener("ep:announce", (event) => {
  if (!live) return;
  live.textContent = "";
  // A screen reader speaks again only when the region changes after having been empty.
  setTimeout(() => { live.textContent = event.detail; }, 100);
});

function announce(text) {
  document.dispatchEvent(new CustomEvent("ep:announce", { detail: text }));
}

function focusOn(element) {
  if (!element) return;
  if (!element.matches("a[href], button, input, select, textarea, summary, [tabindex]")) {
    element.setAttribute("tabindex", "-1");
  }
  element.focus();
}

// Error summary ---------------------------------------------------------------------------------------

/** The first match in `root`, itself included: htmx names the swapped elements one by one. */
function within(root, selector) {
  return root.matches?.(selector) ? root : root.querySelector?.(selector);
}

function focusSummary(root) {
  const summary = within(root, "[data-ep-error-summary]");
  if (summary) focusOn(summary);
  return Boolean(summary);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-ep-error-summary] a[href^='#']");
  const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!field) return;
  event.preventDefault();
  field.scrollIntoView({ block: "center" });
  field.focus({ preventScroll: true });
});

// Dialogs, menus, alerts ------------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  const target = event.target;
  if (!(target instanceof Element)) return;

  const opener = target.closest("[data-ep-dialog]");
  if (opener) document.getElementById(opener.dataset.epDialog)?.showModal();

  const closer = target.closest("[data-ep-dialog-close]");
  if (closer) closer.closest("dialog").close();

  const hide = target.closest("[data-ep-close]");
  if (hide) {
    hide.closest("[data-ep-alert]").remove();
    focusOn(document.querySelector("main h1"));
  }

  for (const menu of document.querySelectorAll("[data-ep-menu][open]")) {
    if (!menu.contains(target) || target.closest("a[href^='#']")) menu.open = false;
  }

  const toggle = target.closest("[data-ep-nav-toggle]");
  if (toggle) setMenu(toggle, toggle.getAttribute("aria-expanded") !== "true");
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("[data-ep-menu][open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

function setMenu(toggle, open) {
  toggle.setAttribute("aria-expanded", String(open));
  document.getElementById(toggle.getAttribute("aria-controls")).classList.toggle("is-collapsed", !open);
}

function reveal(root) {
  for (const button of root.querySelectorAll("[data-ep-close]")) button.hidden = false;
  for (const area of root.querySelectorAll("[data-ep-counter]")) count(area);
}

for (const toggle of document.querySelectorAll("[data-ep-nav-toggle]")) {
  toggle.hidden = false;
  setMenu(toggle, false);
}

// A link to the menu must find it open.
for (const link of document.querySelectorAll("a[href='#menu']")) {
  link.addEventListener("click", () => {
    const toggle = document.querySelector("[data-ep-nav-toggle]");
    if (toggle) setMenu(toggle, true);
  });
}

// Character counter -----------------------------------------------------------------------------------

let spoken = 0;

function count(area) {
  const limit = Number(area.dataset.epCounter);
  const left = limit - area.value.length;
  const line = document.getElementById(`${area.id}_compteur`);
  if (!line) return;
  const unit = Math.abs(left) > 1 ? "caractères" : "caractère";
  const shown = Math.abs(left).toLocaleString("fr-FR").replace(/\s/g, "\u00a0");
  line.textContent = left >= 0 ? `Il vous reste ${shown}\u00a0${unit}.` : `Retirez ${shown}\u00a0${unit}.`;
  line.classList.toggle("is-over", left < 0);
}

document.addEventListener("input", (event) => {
  const area = event.target;
  if (!area.matches?.("[data-ep-counter]")) return;
  count(area);
  clearTimeout(spoken);
  const limit = Number(area.dataset.epCounter);
  if (area.value.length < limit * 0.9) return;
  spoken = setTimeout(() => announce(document.getElementById(`${area.id}_compteur`).textContent), 1000);
});

// htmx ------------------------------------------------------------------------------------------------

const AWAY = "La connexion est interrompue. Votre saisie est conservée : réessayez dans un instant.";
const SIGNED_OUT = "Votre session a pris fin. Votre brouillon est conservé : reconnectez-vous pour continuer.";
const REFUSED = "Cette action n’est plus possible. Votre saisie est conservée : actualisez la page.";
const BROKEN = "Le service a rencontré un problème. Votre saisie est conservée : réessayez dans un instant.";

/** Show an error at the top of the page, in words, without touching what was typed. */
function pageAlert(text) {
  document.querySelector("[data-ep-page-alert]")?.remove();
  const box = document.createElement("div");
  box.className = "ep-alert ep-alert--danger";
  box.dataset.epPageAlert = "";
  box.setAttribute("role", "alert");
  box.tabIndex = -1;
  const line = document.createElement("p");
  line.className = "ep-alert__body";
  const word = document.createElement("strong");
  word.textContent = "Erreur : ";
  line.append(word, text);
  box.append(line);
  document.querySelector(".ep-main")?.prepend(box);
  box.scrollIntoView({ block: "nearest" });
}

document.addEventListener("ep:page-alert", (event) => pageAlert(event.detail));

document.addEventListener("htmx:beforeRequest", (event) => {
  event.detail.target?.setAttribute("aria-busy", "true");
});

document.addEventListener("htmx:afterRequest", (event) => {
  event.detail.target?.removeAttribute("aria-busy");
});

document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  if (status === 401) pageAlert(SIGNED_OUT);
  else pageAlert(status < 500 ? REFUSED : BROKEN);
});

document.addEventListener("htmx:sendError", () => pageAlert(AWAY));
document.addEventListener("htmx:timeout", () => pageAlert(AWAY));

document.addEventListener("htmx:afterSettle", (event) => {
  const root = event.detail.elt;
  reveal(root);
  const said = within(root, "[data-ep-announce]");
  if (said) announce(said.dataset.epAnnounce);
  if (focusSummary(root)) return;
  const source = event.detail.requestConfig?.elt;
  const wanted = source?.dataset?.epFocusAfter;
  if (wanted) {
    const block = document.querySelector(wanted);
    focusOn(block?.querySelector("caption, h2, h3") ?? block);
    return;
  }
  // A swap that took the focused element away must not send the reader back to the top of the page.
  const opened = within(root, "[data-ep-focus]");
  if (opened) focusOn(opened);
  else if (document.activeElement === document.body) focusOn(root);
});

reveal(document);
if (!focusSummary(document)) focusOn(document.querySelector("[data-ep-focus]"));
