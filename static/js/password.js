// Passwords: a button that shows what is typed, and rules that tick off while typing.
// Rules: <ul class="ep-rules" data-ep-password-rules="<id of the field>"><li data-rule="longueur" data-min="12">…
const TESTS = {
  longueur: (value, item) => [...value].length >= Number(item.dataset.min ?? 12),
  maximum: (value, item) => value.length > 0 && [...value].length <= Number(item.dataset.max ?? 128),
  // As the server reckons: length × log2(alphabet); no class of characters is imposed.
  force: (value, item) => bits(value) >= Number(item.dataset.bits ?? 80),
  variete: (value, item) => new Set(value.toLowerCase()).size >= Number(item.dataset.min ?? 8),
  identique: (value, item) => value !== "" && value === document.getElementById(item.dataset.other)?.value,
  identifiant: (value, item) => value !== "" && !containsAny(value, item.dataset.words ?? ""),
};

function bits(value) {
  const classes = [[/[a-z]/, 26], [/[A-Z]/, 26], [/[0-9]/, 10], [/[^a-zA-Z0-9]/, 40]];
  const alphabet = classes.reduce((sum, [test, size]) => sum + (test.test(value) ? size : 0), 0);
  return alphabet ? [...value].length * Math.log2(alphabet) : 0;
}

function containsAny(value, words) {
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return words.split(/\s+/).filter((word) => word.length > 2).some((word) => plain(value).includes(plain(word)));
}

function toggleFor(input) {
  const wrapper = document.createElement("div");
  wrapper.className = "ep-password";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn ep-btn ep-btn--secondary";
  button.setAttribute("aria-pressed", "false");
  button.setAttribute("aria-controls", input.id);
  button.textContent = "Afficher";
  const hidden = document.createElement("span");
  hidden.className = "visually-hidden";
  hidden.textContent = " le mot de passe";
  button.append(hidden);
  input.replaceWith(wrapper);
  wrapper.append(input, button);
  button.addEventListener("click", () => {
    const show = input.type === "password";
    input.type = show ? "text" : "password";
    button.setAttribute("aria-pressed", String(show));
  });
  // Never send, nor let the browser keep, a password typed in clear text.
  input.form?.addEventListener("submit", () => { input.type = "password"; });
}

function follow(list) {
  const input = document.getElementById(list.dataset.epPasswordRules);
  if (!input) return;
  const items = [...list.querySelectorAll("[data-rule]")];
  for (const item of items) {
    const state = document.createElement("span");
    state.className = "visually-hidden";
    state.dataset.state = "";
    item.append(state);
  }
  let timer = 0;
  const update = () => {
    for (const item of items) {
      const met = TESTS[item.dataset.rule]?.(input.value, item) ?? false;
      item.classList.toggle("is-met", met);
      item.querySelector("[data-state]").textContent = met ? " : respecté" : " : à respecter";
    }
    clearTimeout(timer);
    if (!input.value) return;
    timer = setTimeout(() => {
      const met = items.filter((item) => item.classList.contains("is-met")).length;
      const detail = `${met} règle${met > 1 ? "s" : ""} sur ${items.length} respectée${met > 1 ? "s" : ""}`;
      document.dispatchEvent(new CustomEvent("ep:announce", { detail }));
    }, 1200);
  };
  input.addEventListener("input", update);
  for (const item of items) document.getElementById(item.dataset.other)?.addEventListener("input", update);
  update();
}

for (const input of document.querySelectorAll("input[type=password]")) toggleFor(input);
for (const list of document.querySelectorAll("[data-ep-password-rules]")) follow(list);
