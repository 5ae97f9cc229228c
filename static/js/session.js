// Warns two minutes before an idle session ends, in every open tab, and extends it by one action.
const dialog = document.querySelector("[data-ep-session]");
const WARNING = 120;
const LAST_CALL = 30;
const STORE = "ep-session-fin";

if (dialog) start(dialog);

function start(box) {
  const extendUrl = box.dataset.extendUrl;
  const signedOutUrl = box.dataset.signedOutUrl;
  const left = box.querySelector("[data-ep-session-left]");
  const title = document.title;
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("ep-session") : null;
  // The absolute limit of the session, whatever the activity.
  const limit = box.dataset.secondsLeft ? Date.now() + Number(box.dataset.secondsLeft) * 1000 : Infinity;
  let end = 0;
  let timer = 0;
  let lastCall = false;

  function announce(text) {
    // The page behind a modal dialog is inert: its live region is silent, so speak inside the dialog.
    box.querySelector("[data-ep-session-live]").textContent = text;
  }

  function setEnd(moment) {
    end = Math.min(moment, limit);
    lastCall = false;
    if (box.open) box.close();
    document.title = title;
    schedule();
  }

  function restart(seconds) {
    setEnd(Date.now() + seconds * 1000);
    channel?.postMessage({ end });
    try { localStorage.setItem(STORE, String(end)); } catch { /* private browsing: this tab only */ }
  }

  function schedule() {
    clearTimeout(timer);
    const seconds = (end - Date.now()) / 1000;
    if (seconds <= 0) return finish();
    if (seconds <= WARNING) warn(seconds);
    // Asleep, a tab wakes late: short steps and the clock, never a countdown of its own.
    const next = seconds > WARNING ? Math.min(seconds - WARNING, 30) : Math.min(seconds, 5);
    timer = setTimeout(schedule, Math.max(next, 0.05) * 1000);
  }

  function warn(seconds) {
    const words = seconds > 60 ? "2 minutes" : seconds > LAST_CALL ? "1 minute" : "30 secondes";
    left.textContent = words;
    document.title = `(${seconds > 60 ? "2 min" : seconds > LAST_CALL ? "1 min" : "30 s"}) ${title}`;
    if (!box.open) {
      document.dispatchEvent(new CustomEvent("ep:save-now"));
      box.showModal();
      announce("Vous allez être déconnecté dans 2 minutes.");
    }
    if (seconds <= LAST_CALL && !lastCall) {
      lastCall = true;
      announce("Vous allez être déconnecté dans 30 secondes.");
    }
  }

  async function extend() {
    try {
      const response = await fetch(extendUrl, {
        method: "POST",
        headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
        credentials: "same-origin",
        redirect: "error",
      });
      if (response.status === 401 || response.status === 403) return finish();
      if (!response.ok) throw new Error(String(response.status));
      restart((await response.json()).reste);
    } catch {
      announce("La connexion est interrompue. Réessayez dans un instant.");
    }
  }

  function finish() {
    clearTimeout(timer);
    document.dispatchEvent(new CustomEvent("ep:session-ended"));
    const url = new URL(signedOutUrl, location.href);
    url.searchParams.set("next", location.pathname + location.search);
    location.assign(url);
  }

  box.querySelector("[data-ep-session-extend]").addEventListener("click", extend);
  box.addEventListener("cancel", (event) => { event.preventDefault(); extend(); });
  channel?.addEventListener("message", (event) => { if (event.data.end > end) setEnd(event.data.end); });
  window.addEventListener("storage", (event) => {
    if (event.key === STORE && Number(event.newValue) > end) setEnd(Number(event.newValue));
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) schedule(); });
  // Every answer of the server has moved the end of the session: follow it.
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) restart(Number(box.dataset.idleSeconds));
  });
  document.addEventListener("ep:session-active", () => restart(Number(box.dataset.idleSeconds)));

  restart(Number(box.dataset.idleSeconds));
}

function csrfToken() {
  return document.querySelector("#deconnexion [name=csrfmiddlewaretoken]")?.value ?? "";
}
