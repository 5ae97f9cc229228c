// Saves a draft while it is being typed: <form data-autosave-url="…">, state in [data-autosave-status].
// The server answers 200 with {"enregistre_a": "14 h 02"}, and « avancement » where [data-autosave-progress] shows it; a draft may be incomplete, so it is never refused.
const RETRY = [5, 15, 30, 60];
const PAUSE = 1500;

for (const form of document.querySelectorAll("form[data-autosave-url]")) watch(form);

function watch(form) {
  const status = form.querySelector("[data-autosave-status]") ?? document.querySelector("[data-autosave-status]");
  status?.setAttribute("role", "status");
  let saved = snapshot(form);
  let timer = 0;
  let running = null;
  let attempt = 0;
  let sending = false;
  let ended = false;

  function tell(text, failed) {
    if (!status || status.textContent === text) return;
    status.textContent = text;
    status.classList.toggle("is-error", failed);
  }

  function plan(delay) {
    clearTimeout(timer);
    if (!ended) timer = setTimeout(save, delay);
  }

  async function save() {
    clearTimeout(timer);
    if (sending || ended) return;
    if (running) { await running; return plan(0); }
    const now = snapshot(form);
    if (now === saved) return;
    running = send(now);
    await running;
    running = null;
  }

  async function send(now) {
    let response;
    try {
      response = await fetch(form.dataset.autosaveUrl, {
        method: "POST",
        body: new URLSearchParams(now),
        headers: { Accept: "application/json" },
        credentials: "same-origin",
        redirect: "manual",
      });
    } catch {
      return again("Connexion interrompue : votre saisie reste sur cette page, nouvel essai dans un instant.");
    }
    if (response.ok) return done(now, await response.json().catch(() => ({})));
    // An opaque redirect is the sign-in page.
    if (response.type === "opaqueredirect" || response.status === 401) {
      return stop("Votre session a pris fin : votre saisie reste sur cette page. Reconnectez-vous dans un autre onglet, puis enregistrez.");
    }
    if (response.status === 403 && response.headers.get("Content-Type")?.startsWith("text/html")) {
      // Signed in again elsewhere: this page's token is too old, whatever the draft allows.
      return stop("Cette page n’est plus à jour : copiez votre saisie, puis actualisez la page.");
    }
    if (response.status === 409) {
      const answer = await response.json().catch(() => ({}));
      if (answer.code === "perime") return stop("Un collègue vient d’enregistrer cette étape : la vôtre reste sur cette page. Appuyez sur « Continuer » pour comparer.");
    }
    if (response.status === 403 || response.status === 404 || response.status === 409) {
      return stop("Enregistrement impossible : cette demande ne peut plus être modifiée. Votre saisie reste sur cette page.");
    }
    if (response.status === 422) return again("Ce texte ne peut pas être enregistré en l’état. Votre saisie reste sur cette page.");
    again("Le service ne répond pas : votre saisie reste sur cette page, nouvel essai dans un instant.");
  }

  function done(now, answer) {
    saved = now;
    attempt = 0;
    tell(answer.enregistre_a ? `Enregistré à ${answer.enregistre_a}` : "Enregistré", false);
    if (answer.avancement) advance(answer.avancement);
    const shown = form.elements.version;
    if (answer.version && shown) {
      // The new number is no change of what is typed.
      const kept = new URLSearchParams(now);
      kept.set("version", answer.version);
      saved = kept.toString();
      shown.value = answer.version;
    }
    document.dispatchEvent(new CustomEvent("ep:session-active"));
  }

  function again(text) {
    tell(text, true);
    plan(RETRY[Math.min(attempt++, RETRY.length - 1)] * 1000);
  }

  function stop(text) {
    tell(text, true);
    // Back in this tab, perhaps signed in again: one more try at the next change.
    attempt = 0;
  }

  form.addEventListener("input", () => plan(PAUSE));
  form.addEventListener("change", () => plan(200));
  form.addEventListener("focusout", () => plan(200));
  form.addEventListener("submit", () => { sending = true; clearTimeout(timer); });
  window.addEventListener("online", save);
  window.addEventListener("pageshow", () => { sending = false; });
  document.addEventListener("ep:save-now", save);
  document.addEventListener("ep:session-ended", () => { ended = true; });

  // Leaving: what is not saved yet goes with the page, even when it is closed.
  document.addEventListener("visibilitychange", () => { if (document.hidden) leave(); });
  window.addEventListener("pagehide", leave);
  function leave() {
    const now = snapshot(form);
    if (sending || ended || now === saved) return;
    const body = new URLSearchParams(now);
    if (navigator.sendBeacon?.(form.dataset.autosaveUrl, body)) saved = now;
  }
  window.addEventListener("beforeunload", (event) => {
    if (!sending && status?.classList.contains("is-error") && snapshot(form) !== saved) event.preventDefault();
  });
}

/** « 2 sur 3 », in the words and in the bar. */
function advance(text) {
  for (const shown of document.querySelectorAll("[data-autosave-progress]")) {
    shown.textContent = text;
    if (shown instanceof HTMLProgressElement) shown.value = Number.parseInt(text, 10);
  }
}

/** The fields as they would be posted, files and passwords left out. */
function snapshot(form) {
  const data = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && form.elements[name]?.type !== "password") data.append(name, value);
  }
  return data.toString();
}
