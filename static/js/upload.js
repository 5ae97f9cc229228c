// Sends each file as soon as it is chosen or dropped: progress, error and retry of its own, the others stay.
// The server answers 201 with {"nom", "taille", "etat", "etat_texte", "url", "etat_url", "retirer_url"}, or 4xx
// with {"erreur"}. `etat_url` tells what the analysis found: {"etat", "etat_texte", "message", "url"}.
// Without JavaScript the input is an ordinary field of its form.
const TONES = { SAINE: "success", REFUSEE: "danger" };
const RUNNING = "EN_ANALYSE";
const PATIENCE = [1500, 2000, 3000, 5000, 8000, 15000, 30000, 60000];
const LOST = "La connexion a été interrompue. Réessayez.";

for (const zone of document.querySelectorAll("[data-ep-upload]")) watch(zone);
for (const row of document.querySelectorAll("[data-ep-file-state-url]")) follow(row, row.dataset.epFileStateUrl);
document.addEventListener("htmx:afterSettle", (event) => {
  for (const zone of event.detail.elt.querySelectorAll("[data-ep-upload]:not([data-ep-ready])")) watch(zone);
});

function watch(zone) {
  zone.dataset.epReady = "";
  const input = zone.querySelector("input[type=file]");
  const list = zone.querySelector("[data-ep-files]");
  const template = zone.querySelector("[data-ep-file-template]");
  const drop = zone.querySelector("[data-ep-drop]");
  const max = Number(zone.dataset.uploadMax);
  // Its files are already sent: the form must not post them again, nor wait for them.
  const queue = [];
  let running = 0;
  zone.querySelector("[data-ep-drop-text]").hidden = false;
  const take = () => { add([...input.files]); input.value = ""; };
  input.addEventListener("change", take);

  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("is-over"); });
  }
  for (const name of ["dragleave", "drop"]) {
    drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.remove("is-over"); });
  }
  // Rows drawn by the server: take them away without leaving the page.
  list.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-ep-file-remove-url]");
    if (!button) return;
    event.preventDefault();
    button.disabled = true;
    if (await removeOnServer(button.dataset.epFileRemoveUrl, zone)) leave(button.closest("[data-ep-file]"));
    else {
      button.disabled = false;
      say("Le fichier n’a pas pu être retiré. Réessayez.");
    }
  });

  function leave(row) {
    const name = row.querySelector("[data-ep-file-name]").textContent.trim();
    const neighbour = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    (neighbour?.querySelector("button:not([hidden])") ?? input).focus();
    say(`${name} retiré, ${sent()} fichier${sent() > 1 ? "s" : ""} sur ${max}.`);
  }

  drop.addEventListener("drop", (event) => add([...event.dataTransfer.files]));
  // A file dropped beside the zone must not replace the page.
  for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault());

  function add(files) {
    zone.closest("details")?.setAttribute("open", "");
    for (const file of input.multiple ? files : files.slice(0, 1)) {
      if (!input.multiple) list.replaceChildren();
      const row = new Row(file);
      if (list.children.length > max) row.fail(`Le nombre maximal de fichiers (${max}) est atteint.`, false);
      else queue.push(row);
    }
    next();
  }

  function next() {
    while (running < 2 && queue.length) {
      running += 1;
      queue.shift().send(() => { running -= 1; next(); });
    }
  }

  function sent() {
    return list.querySelectorAll("[data-ep-file]:not(.ep-file--error):not([data-ep-pending])").length;
  }

  class Row {
    constructor(file) {
      this.file = file;
      this.key = randomKey();
      this.element = template.content.firstElementChild.cloneNode(true);
      this.part = (name) => this.element.querySelector(`[data-ep-file-${name}]`);
      this.part("name").textContent = file.name;
      this.part("size").textContent = shownSize(file.size);
      for (const hidden of this.element.querySelectorAll("[data-ep-file-hidden]")) hidden.textContent = ` ${file.name}`;
      this.part("retry").addEventListener("click", () => { queue.push(this); next(); this.part("remove").focus(); });
      this.part("remove").addEventListener("click", () => this.remove());
      this.element.dataset.epPending = "";
      list.append(this.element);
    }

    send(finished) {
      const request = new XMLHttpRequest();
      this.request = request;
      this.element.dataset.epPending = "";
      this.element.classList.remove("ep-file--error");
      this.part("message").hidden = true;
      this.part("retry").hidden = true;
      this.part("progress").hidden = false;
      this.state("Envoi en cours", "neutral");
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) this.part("progress").value = Math.round((event.loaded / event.total) * 100);
      });
      request.addEventListener("load", () => { this.answer(request); finished(); });
      request.addEventListener("error", () => { this.fail(LOST, true); finished(); });
      request.addEventListener("timeout", () => { this.fail(LOST, true); finished(); });
      request.addEventListener("abort", finished);
      request.open("POST", zone.dataset.uploadUrl);
      request.setRequestHeader("Accept", "application/json");
      request.setRequestHeader("X-CSRFToken", csrfToken(zone));
      request.timeout = 300000;
      const body = new FormData();
      body.append("fichier", this.file);
      // The same key when it is sent again: a file that did arrive is not stored twice.
      body.append("cle", this.key);
      request.send(body);
    }

    answer(request) {
      let data = {};
      try { data = JSON.parse(request.responseText); } catch { /* an error page, not ours */ }
      if (request.status >= 200 && request.status < 300 && data.nom) return this.succeed(data);
      if (request.status === 401) return this.fail("Votre session a pris fin. Reconnectez-vous, puis réessayez.", true);
      if (data.erreur) return this.fail(data.erreur, request.status >= 500);
      if (request.status === 413) return this.fail("Ce fichier est trop volumineux. Réduisez-le, puis ajoutez-le de nouveau.", false);
      this.fail("Le service n’a pas pu recevoir ce fichier. Réessayez.", true);
    }

    succeed(data) {
      delete this.element.dataset.epPending;
      this.removeUrl = data.retirer_url;
      this.part("progress").hidden = true;
      this.part("size").textContent = data.taille ?? shownSize(this.file.size);
      this.part("name").textContent = data.nom;
      if (data.url) makeLink(this.part("name"), data.url);
      if (data.etat === RUNNING && data.etat_url) follow(this.element, data.etat_url);
      this.part("remove").hidden = !data.retirer_url;
      this.state(data.etat_texte ?? "Ajouté", TONES[data.etat] ?? "neutral");
      say(`${data.nom} ajouté, ${sent()} fichier${sent() > 1 ? "s" : ""} sur ${max}.`);
      document.dispatchEvent(new CustomEvent("ep:session-active"));
      zone.dispatchEvent(new CustomEvent("ep:uploaded", { bubbles: true, detail: data }));
    }

    fail(message, canRetry) {
      this.element.dataset.epPending = "";
      this.element.classList.add("ep-file--error");
      this.part("progress").hidden = true;
      this.part("retry").hidden = !canRetry;
      this.part("message").textContent = message;
      this.part("message").hidden = false;
      this.state("Non ajouté", "danger");
      say(`Erreur : ${this.file.name}. ${message}`);
    }

    state(text, tone) {
      showState(this.element, text, tone);
    }

    async remove() {
      this.request?.abort();
      const waiting = queue.indexOf(this);
      if (waiting >= 0) queue.splice(waiting, 1);
      if (this.removeUrl && !(await removeOnServer(this.removeUrl, zone))) {
        return this.state("Retrait impossible : réessayez", "danger");
      }
      leave(this.element);
    }
  }

  // Chosen before this module was there.
  if (input.files.length) take();
}

/** Ask what the analysis found until it has ended, more and more rarely; the page can always be read again. */
async function follow(row, url) {
  for (const pause of PATIENCE) {
    await new Promise((resolve) => { setTimeout(resolve, pause); });
    if (!row.isConnected) return;
    try {
      const response = await fetch(url, {
        headers: { Accept: "application/json" },
        credentials: "same-origin",
        redirect: "error",
      });
      if (!response.ok) return;
      const data = await response.json();
      if (data.etat !== RUNNING) return settle(row, data);
    } catch {
      // Cut off for a moment: the next question will tell.
    }
  }
}

function settle(row, data) {
  const name = row.querySelector("[data-ep-file-name]");
  showState(row, data.etat_texte, TONES[data.etat] ?? "neutral");
  const message = row.querySelector("[data-ep-file-message]");
  // Why it is refused, or advice about a blurred photo, which may be kept.
  if (data.message && message) {
    message.textContent = data.message;
    message.hidden = false;
  }
  if (data.etat === "REFUSEE") row.classList.add("ep-file--error");
  else if (data.url) makeLink(name, data.url);
  say(`${name.textContent}\u00a0: ${data.etat_texte}. ${data.message ?? ""}`.trim());
}

function showState(row, text, tone) {
  const badge = document.createElement("span");
  badge.className = `ep-badge ep-badge--${tone}`;
  badge.textContent = text;
  row.querySelector("[data-ep-file-state]").replaceChildren(badge);
}

function makeLink(name, url) {
  const link = document.createElement("a");
  link.href = url;
  link.textContent = name.textContent;
  name.replaceChildren(link);
}

/** A version 4 UUID; randomUUID itself exists only over HTTPS. */
function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const text = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

async function removeOnServer(url, zone) {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "X-CSRFToken": csrfToken(zone), Accept: "application/json" },
      credentials: "same-origin",
    });
    return response.ok;
  } catch {
    return false;
  }
}

function csrfToken(zone) {
  const near = zone.closest("form")?.querySelector("[name=csrfmiddlewaretoken]");
  return (near ?? document.querySelector("[name=csrfmiddlewaretoken]"))?.value ?? "";
}

function shownSize(size) {
  if (size < 1000000) return `${Math.max(1, Math.round(size / 1000))} Ko`;
  return `${(size / 1000000).toFixed(1).replace(".", ",")} Mo`;
}

function say(text) {
  document.dispatchEvent(new CustomEvent("ep:announce", { detail: text }));
}
