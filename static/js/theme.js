// Theme and density chosen in the footer: applied at once and kept in a cookie. Without JavaScript the form posts.
const form = document.querySelector("[data-ep-display]");
const CHOICES = {
  theme: { cookie: "ep_theme", attribute: "data-bs-theme" },
  densite: { cookie: "ep_densite", attribute: "data-density" },
};

form?.addEventListener("submit", (event) => {
  const button = event.submitter;
  const choice = CHOICES[button?.name];
  if (!choice) return;
  event.preventDefault();
  document.documentElement.setAttribute(choice.attribute, button.value);
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${choice.cookie}=${button.value}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  for (const other of form.querySelectorAll(`button[name=${button.name}]`)) {
    other.setAttribute("aria-pressed", String(other === button));
  }
});
