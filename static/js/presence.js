// Says every half minute that this page is open, and shows who else has the demande open. Silent when it cannot.
const place = document.querySelector("[data-ep-presence]");
const BEAT = 30_000;

if (place) setInterval(beat, BEAT);

let ended = false;
document.addEventListener("ep:session-ended", () => { ended = true; });

async function beat() {
  if (ended || document.visibilityState !== "visible") return;
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
  if (!token) return;
  try {
    const answer = await fetch(place.dataset.epPresence, {
      method: "POST",
      // An open page is no activity: it must not keep a session alive.
      headers: { "X-CSRFToken": token, "X-EP-Passive": "1", Accept: "application/json" },
    });
    if (!answer.ok) { ended = answer.status < 500; return; }
    const { texte } = await answer.json();
    if (place.textContent !== texte) place.textContent = texte;
  } catch { /* the network is away: the next beat tries again */ }
}
