// The page that reads a seal with the camera or from a picture. Nothing is sent: the trust list comes, and no more.
import { verifyTrust } from "../signing/log.js";
import { isSeal, judge } from "./vds.js";

const LONG_SIDE = 1920, PAUSE = 150; // pixels asked of the camera; milliseconds between looks
const page = document.querySelector("[data-seal]");
const answer = document.querySelector("[data-answer]");
const video = page.querySelector("video");
let looking = false, shownNumber = "";

function show(name) {
  const text = document.querySelector(`[data-text="${name}"]`) ?? document.querySelector('[data-text="not_checked"]');
  answer.replaceChildren(text.content.cloneNode(true));
}

function tell(report) {
  show(report.result);
  if (report.result !== "valid") return;
  const list = answer.querySelector("dl");
  for (const [name, value] of report.fields) {
    const term = document.createElement("dt"), fact = document.createElement("dd");
    term.textContent = page.querySelector(`[data-label="${name}"]`)?.textContent ?? name;
    const written = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
    fact.textContent = name === "on" ? new Date(value).toLocaleDateString(document.documentElement.lang, written) : value;
    list.append(term, fact);
    if (name === "number") shownNumber = value;
  }
  const link = answer.querySelector("[data-register]");
  link.href = `${link.getAttribute("href")}?numero=${encodeURIComponent(shownNumber)}`;
}

async function seals() {
  const trust = await fetch(page.dataset.trust).then((response) => response.json());
  if (!(await verifyTrust(trust))) throw new Error("trust");
  return trust.payload.seals ?? [];
}

async function read(picture) {
  const found = await globalThis.ZXingWASM.readBarcodes(picture, { formats: ["DataMatrix"], tryHarder: true, maxNumberOfSymbols: 4 });
  return found.filter((code) => code.isValid).map((code) => code.bytes).find(isSeal);
}

async function check(bytes) {
  try {
    tell(await judge(bytes, await seals()));
  } catch {
    show("not_checked");
  }
}

async function checkFile(file) {
  show("busy");
  try {
    const bytes = await read(file);
    if (bytes) await check(bytes);
    else show("unreadable");
  } catch {
    show("not_checked");
  }
}

function stop() {
  looking = false;
  for (const track of video.srcObject?.getTracks() ?? []) track.stop();
  video.srcObject = null;
  page.querySelector("[data-stage]").hidden = true;
  page.querySelector("[data-start]").hidden = false;
}

async function start() {
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: LONG_SIDE } } });
    await video.play();
  } catch {
    show("no_camera");
    return;
  }
  page.querySelector("[data-start]").hidden = true;
  page.querySelector("[data-stage]").hidden = false;
  show("looking");
  looking = true;
  look(document.createElement("canvas"));
}

async function look(canvas) {
  while (looking) {
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    const drawn = canvas.getContext("2d", { willReadFrequently: true });
    drawn.drawImage(video, 0, 0);
    const bytes = await read(drawn.getImageData(0, 0, canvas.width, canvas.height)).catch(() => undefined);
    if (bytes && looking) {
      stop();
      await check(bytes);
    }
    await new Promise((done) => setTimeout(done, PAUSE));
  }
}

globalThis.ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => page.dataset.module } });
page.querySelector("[data-file]").addEventListener("change", (event) => event.target.files[0] && checkFile(event.target.files[0]));
page.querySelector("[data-stop]").addEventListener("click", () => { stop(); answer.replaceChildren(); });
if (navigator.mediaDevices?.getUserMedia) {
  const button = page.querySelector("[data-start]");
  button.hidden = false;
  button.addEventListener("click", start);
}
