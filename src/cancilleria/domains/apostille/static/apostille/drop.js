// Checks a dropped PDF inside the browser: the file is read here and goes nowhere. The verifier is loaded only now.
const zone = document.querySelector("[data-drop]");
const answer = document.querySelector("[data-answer]");

function show(name) {
  const text = document.querySelector(`[data-text="${name}"]`) ?? document.querySelector('[data-text="not_checked"]');
  answer.replaceChildren(text.content.cloneNode(true));
}

function tell(report) {
  show(report.result);
  if (report.result !== "valid") return;
  if (report.revokedAt) show("valid_revoked");
  const list = document.createElement("dl");
  list.className = "facts";
  for (const [name, value] of Object.entries(report.public)) {
    if (name === "documents") continue;
    const term = document.createElement("dt");
    const fact = document.createElement("dd");
    term.textContent = name;
    fact.textContent = String(value);
    list.append(term, fact);
  }
  answer.append(list);
}

async function check(file) {
  show("busy");
  try {
    const [{ verifyFile }, trust] = await Promise.all([
      import(new URL(zone.dataset.verifier, location.href).href),
      fetch(zone.dataset.trust).then((response) => response.json()),
    ]);
    tell(await verifyFile(new Uint8Array(await file.arrayBuffer()), trust));
  } catch {
    show("not_checked");
  }
}

if (zone) {
  zone.querySelector("[data-file]").addEventListener("change", (event) => event.target.files[0] && check(event.target.files[0]));
  for (const name of ["dragenter", "dragover"]) zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("over"); });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    if (event.dataTransfer.files[0]) check(event.dataTransfer.files[0]);
  });
}
