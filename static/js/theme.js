// Theme chosen in the footer: applied at once and kept in a cookie. Without JavaScript the form posts.
const form = document.querySelector("[data-ep-display]");

form?.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button?.name !== "theme") return;
  event.preventDefault();
  document.documentElement.dataset.bsTheme = button.value;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `ep_theme=${button.value}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  for (const other of form.querySelectorAll("button[name=theme]")) {
    other.setAttribute("aria-pressed", String(other === button));
  }
});
