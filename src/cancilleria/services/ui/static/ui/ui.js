// Small conveniences. Every page works without them.
document.querySelector("[data-focus]")?.focus();

for (const button of document.querySelectorAll("[data-copy]")) {
  const label = button.textContent;
  const told = button.parentElement.querySelector("[data-told]");
  const say = (text, spoken) => {
    button.textContent = text;
    if (told) told.textContent = spoken;
  };
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    say(button.dataset.done, button.dataset.done);
    setTimeout(say, 4000, label, "");
  });
}

// A second press while the first is on its way is swallowed; the server would answer it the same.
const once = document.querySelectorAll("form[data-once]");
const free = (form) => delete form.dataset.sent;
for (const form of once) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    else setTimeout(free, 10000, form);
    form.dataset.sent = "yes";
  });
}
addEventListener("pageshow", () => once.forEach(free));

const rows = [...document.querySelectorAll("[data-tray] tbody tr")].filter((row) => row.querySelector("a"));
const help = document.querySelector("[data-keys]");
function go(step) {
  const here = rows.findIndex((row) => row.classList.contains("here"));
  const next = rows[Math.max(0, Math.min(rows.length - 1, here + step))];
  rows[here]?.classList.remove("here");
  next.classList.add("here");
  next.querySelector("a").focus(); // so that Enter opens it, with the browser's own means
}
const keys = {
  j: rows.length && (() => go(1)),
  k: rows.length && (() => go(-1)),
  "/": () => document.querySelector("[data-search]")?.focus(),
  "?": help && (() => help.toggleAttribute("open")),
};

// Keys of one character can be switched off: they disturb whoever dictates to the machine (WCAG 2.1.4).
const choice = document.querySelector("[data-keys-switch]");
const box = choice?.querySelector("input");
if (box) {
  choice.hidden = false;
  box.checked = localStorage.keys !== "off";
  box.addEventListener("change", () => (localStorage.keys = box.checked ? "on" : "off"));
}
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  const chord = event.ctrlKey || event.metaKey || event.altKey;
  if (typing || chord || localStorage.keys === "off" || !keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});
