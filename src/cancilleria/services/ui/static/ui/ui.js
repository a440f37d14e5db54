// Small conveniences. Every page works without them.
const summary = document.querySelector("[data-focus]");
if (summary) summary.focus();

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.done;
  });
}

// A second press while the first is on its way is swallowed; the server would answer it the same.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
addEventListener("pageshow", () => document.querySelectorAll("form[data-once]").forEach((form) => delete form.dataset.sent));

const rows = [...document.querySelectorAll("[data-tray] tbody tr")];
let at = -1;
function go(step) {
  if (!rows.length) return;
  rows[at]?.classList.remove("here");
  at = Math.max(0, Math.min(rows.length - 1, at + step));
  rows[at].classList.add("here");
  rows[at].querySelector("a").focus();
}
const keys = {
  j: () => go(1),
  k: () => go(-1),
  "/": () => document.querySelector("[data-search]")?.focus(),
  "?": () => document.querySelector("[data-keys]")?.toggleAttribute("open"),
};
document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input, textarea, select");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys) || !rows.length) return;
  event.preventDefault();
  keys[event.key]();
});
