// Photographs pages with the camera of the machine and attaches them to a file field. Without a camera the field remains.
const LONG_SIDE = 3508; // A4 at 300 dots an inch

class Camera {
  constructor(box) {
    this.box = box;
    this.input = document.getElementById(box.dataset.camera);
    this.video = box.querySelector("[data-view]");
    this.told = box.querySelector("[data-pages]");
    box.hidden = false;
    box.querySelector("[data-start]").addEventListener("click", () => this.start());
    box.querySelector("[data-take]").addEventListener("click", () => this.take());
    box.querySelector("[data-stop]").addEventListener("click", () => this.stop());
    this.input.addEventListener("change", () => this.tell());
  }

  show(on) {
    this.box.querySelector("[data-start]").hidden = on;
    this.box.querySelector("[data-stage]").hidden = !on;
  }

  async start() {
    const wanted = { facingMode: "environment", width: { ideal: LONG_SIDE }, height: { ideal: LONG_SIDE } };
    try {
      this.video.srcObject = await navigator.mediaDevices.getUserMedia({ video: wanted });
      await this.video.play();
    } catch {
      this.told.textContent = this.told.dataset.refused;
      return;
    }
    this.show(true);
    this.box.querySelector("[data-take]").focus();
    this.tell();
  }

  async take() {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [this.video.videoWidth, this.video.videoHeight];
    canvas.getContext("2d").drawImage(this.video, 0, 0);
    const image = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.92));
    const held = new DataTransfer();
    for (const file of this.input.files) held.items.add(file);
    const number = held.items.length + 1;
    held.items.add(new File([image], `camara-${String(number).padStart(2, "0")}.jpg`, { type: "image/jpeg" }));
    this.input.files = held.files;
    this.tell();
  }

  stop() {
    for (const track of this.video.srcObject?.getTracks() ?? []) track.stop();
    this.video.srcObject = null;
    this.show(false);
    this.box.querySelector("[data-start]").focus();
  }

  tell() {
    const { length } = this.input.files;
    this.told.textContent = length ? `${this.told.dataset.some} ${length}` : this.told.dataset.none;
  }
}

if (navigator.mediaDevices?.getUserMedia) document.querySelectorAll("[data-camera]").forEach((box) => new Camera(box));
