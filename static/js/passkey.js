// Passkeys (WebAuthn): the browser asks its holder, and what it answers leaves with the form.
const FORM = "[data-ep-passkey]";
const BINARY = { create: ["attestationObject", "clientDataJSON"], get: ["authenticatorData", "clientDataJSON", "signature", "userHandle"] };

function bytes(text) {
  const padded = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(padded), (sign) => sign.charCodeAt(0));
}

function text(buffer) {
  const signs = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(signs).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function readable(options) {
  const keys = (list) => (list ?? []).map((key) => ({ ...key, id: bytes(key.id) }));
  const read = { ...options, challenge: bytes(options.challenge) };
  if (options.user) read.user = { ...options.user, id: bytes(options.user.id) };
  if (options.excludeCredentials) read.excludeCredentials = keys(options.excludeCredentials);
  if (options.allowCredentials) read.allowCredentials = keys(options.allowCredentials);
  return read;
}

function sendable(credential, act) {
  const response = {};
  for (const name of BINARY[act]) if (credential.response[name]) response[name] = text(credential.response[name]);
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
}

// In the capture phase: the form is not marked as sent while the browser asks.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches(FORM) || form.elements.reponse.value) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const status = form.querySelector("[data-ep-passkey-status]");
  const act = form.dataset.epPasskey;
  status.textContent = "Suivez les indications de votre navigateur.";
  try {
    const publicKey = readable(JSON.parse(form.dataset.epPasskeyOptions));
    const credential = await navigator.credentials[act]({ publicKey });
    form.elements.reponse.value = sendable(credential, act);
    status.textContent = "";
    form.requestSubmit();
  } catch (error) {
    status.textContent = error.name === "InvalidStateError"
      ? "Cette clé d’accès est déjà enregistrée."
      : "La clé d’accès n’a pas été utilisée. Vous pouvez recommencer.";
  }
}, true);

if (window.PublicKeyCredential) {
  for (const button of document.querySelectorAll("[data-ep-passkey-button]")) button.hidden = false;
  for (const note of document.querySelectorAll("[data-ep-passkey-missing]")) note.hidden = true;
}
