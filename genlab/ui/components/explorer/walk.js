// A walk between two to four latents: straight and along the sphere, one above the other, decoded as it is played.

import { dressPlay, fresh, iconButton, make, paint, paintAt } from "../dom.js";
import { plain } from "../numbers.js";
import { along, length, lerp, normal, slerp } from "../maths.js";
import { Voice } from "./voice.js";

/** @type {[kind: string, title: string, way: latents.Way][]} */
const KINDS = [["linear", "Straight", lerp], ["spherical", "Spherical", slerp]];
const FRAMES = 17;
const MOST = 4;
/** Latents along a walk that are heard as one sound, and read. */
const HEARD = 9, READ = 9;
const SPEEDS = [["0.25", "¼×"], ["0.5", "½×"], ["1", "1×"], ["2", "2×"]];
const LEG_SECONDS = 2;
const FILMS = [["gif", "GIF"], ["mp4", "MP4"], ["png", "PNG strip"]];

/**
 * What a walk calls.
 *
 * @typedef {object} Acts
 * @property {() => void} changed
 * @property {(t: number) => void} head
 * @property {(picture: HTMLCanvasElement) => void} frame Called with each picture on the way.
 * @property {() => void} add
 * @property {(z: Float32Array) => void} here Makes a latent of the walk the present one.
 * @property {(format: string) => void} export
 */

/** One way to walk, with its pictures. @typedef {ReturnType<Walk["row"]>} Row */

export class Walk {
  /** @param {Acts} on */
  constructor(on) {
    this.on = on;
    /** @type {explorer.WalkPoint[]} */
    this.points = [];
    /** In whose latent space it is. @type {explorer.Steer | null} */
    this.steer = null;
    /** The place on it, 0 to 1. */
    this.t = 0;
    this.playing = this.loop = false;
    this.speed = 1;
    this.chips = make("div", { className: "chips", role: "list", "aria-label": "Points of the walk" });
    this.play = iconButton("play", "Play", () => this.toggle(), "", "icon play");
    this.scrub = make("input", { type: "range", min: 0, max: 1, step: 0.001, value: 0, "aria-label": "Place on the walk" });
    this.scrub.oninput = () => {
      this.pause();
      this.seek(Number(this.scrub.value));
    };
    const loop = (this.looped = make("input", { type: "checkbox" }));
    loop.onchange = () => {
      this.loop = loop.checked;
      this.changed();
    };
    const speed = make("select", { "aria-label": "Speed", onchange: () => (this.speed = Number(speed.value)) });
    for (const [value, text] of SPEEDS) speed.append(make("option", { value, textContent: text, selected: value === "1" }));
    this.words = make("span", { className: "quiet" });
    /** What the walk sounds like and says. @type {Voice | null} */
    this.voice = null;
    this.heard = make("span", { className: "heard" });
    this.lines = make("ol", { className: "lines", hidden: true, "aria-label": "What is read along the spherical walk" });
    this.films = make("span", { className: "films" });
    this.offer(null);
    this.rows = KINDS.map(([kind, title, way]) => this.row(kind, title, way));
    this.body = make(
      "div",
      { className: "walk-body" },
      make("div", { className: "controls" }, this.play, this.scrub, make("label", { title: "Goes back to the first point at the end" }, loop, "Loop"), speed, this.heard, this.films),
      ...this.rows.map((row) => row.element),
      this.lines,
      this.words,
    );
    this.empty = make("p", { className: "quiet", textContent: "Pick two to four points: choose one on the map or with the sliders, then press “Walk”, or add random ones here." });
    this.addHere = iconButton("plus", "Add the current latent", () => this.on.add(), "This latent");
    this.addRandom = iconButton("dice", "Add a latent drawn from the prior", () => this.random(), "Random latent");
    this.clear = iconButton("close", "Remove all points", () => this.set([]), "Clear");
    const head = make(
      "div",
      { className: "walk-head" },
      make("h2", { textContent: "Walk" }),
      this.chips,
      this.addHere, this.addRandom, this.clear,
    );
    this.element = make("section", { className: "walk", "aria-label": "Walk" }, head, this.empty, this.body);
    this.resize = new ResizeObserver(() => this.drawStrips());
    this.resize.observe(this.element);
  }

  /** What a walk can be exported as. @param {explorer.Source["media"]} media */
  offer(media) {
    const said = media?.play && media.frames < 2 ? [["wav", "Sound"]] : media?.text ? [["txt", "Text"]] : [];
    const films = [...FILMS, ...said].map(([format, text]) =>
      make("button", { type: "button", textContent: text, title: `Make a ${text} of this walk`, onclick: () => this.on.export(format) }),
    );
    this.films.replaceChildren(make("span", { className: "quiet", textContent: "Export" }), ...films);
  }

  /** Latents along the spherical walk. @param {number} count */
  along(count) {
    return Array.from({ length: count }, (_, i) => this.latent(slerp, i / (count - 1)));
  }

  /** @param {string} kind @param {string} title @param {latents.Way} way */
  row(kind, title, way) {
    const live = make("canvas", { className: "pixels live", role: "img", "aria-label": `${title} walk, current picture`, width: 28, height: 28 });
    const strip = make("canvas", { className: "film", role: "img", "aria-label": `${title} walk in ${FRAMES} pictures` });
    const norm = make("span", { className: "quiet norm" });
    strip.onpointerdown = (event) => this.drag(event, strip);
    live.title = "Take this latent over to the sliders";
    live.onclick = () => {
      if (this.points.length > 1) this.on.here(this.latent(way, this.t));
    };
    /** @type {latents.Pixels[]} */
    const frames = [];
    const element = make("div", { className: "walk-row", dataset: { kind } }, make("div", { className: "walk-name" }, make("b", { textContent: title }), norm), live, strip);
    return { kind, title, way, live, strip, norm, element, frames };
  }

  /** @param {PointerEvent} event @param {HTMLElement} strip */
  drag(event, strip) {
    this.pause();
    /** @param {PointerEvent} at */
    const seek = (at) => {
      const box = strip.getBoundingClientRect();
      this.seek(Math.min(1, Math.max(0, (at.clientX - box.left) / box.width)));
    };
    strip.setPointerCapture(event.pointerId);
    strip.onpointermove = seek;
    strip.onpointerup = () => (strip.onpointermove = null);
    seek(event);
  }

  /** Walk in the latent space of this model; points of another are dropped. @param {explorer.Steer} steer */
  follow(steer) {
    if (this.steer === steer) return;
    this.steer = steer;
    this.voice = new Voice(steer.exploration);
    const { media } = this.voice, still = (media?.frames ?? 1) < 2;
    this.heard.replaceChildren(...(media?.play && still ? [this.voice.button(() => this.along(HEARD), () => steer.label, "Hear the spherical walk as one sound")] : []));
    this.lines.hidden = !media?.text;
    this.offer(media);
    if (this.points.length) this.set([]);
    else this.dress();
  }

  /** Add a point; the last is replaced when there are four. @param {explorer.WalkPoint} point */
  add(point) {
    this.set([...this.points.slice(0, MOST - 1), point]);
  }

  /** Play or pause; where there is no walk yet, along one between random latents, round and round. */
  playAny() {
    if (this.points.length < 2) {
      this.loop = this.looped.checked = true;
      while (this.points.length < MOST) this.random();
    }
    this.toggle();
  }

  random() {
    if (!this.steer) return;
    const z = normal(this.steer.raw.length), { mean } = this.steer.exploration;
    for (let i = 0; i < z.length; i++) z[i] += mean[i];
    this.add({ kind: "latent", z });
  }

  /** @param {explorer.WalkPoint[]} points */
  set(points) {
    this.points = points;
    this.changed();
  }

  changed() {
    this.dress();
    this.on.changed();
  }

  dress() {
    this.drawChips();
    const ready = this.points.length > 1;
    this.empty.hidden = ready;
    this.body.hidden = !ready;
    this.clear.hidden = !this.points.length;
    this.addRandom.disabled = this.addHere.disabled = this.points.length >= MOST;
    if (!ready) this.pause();
    else this.decode();
  }

  get stops() {
    const all = this.points.map((point) => point.z);
    return this.loop && all.length > 1 ? [...all, all[0]] : all;
  }

  /** @param {latents.Way} way @param {number} t */
  latent(way, t) {
    return along(this.stops, t, way);
  }

  /** Decode the strips, coarse first and for both ways, then what is at the playhead. */
  decode() {
    const { steer } = this;
    if (!steer) return;
    const times = Array.from({ length: FRAMES }, (_, i) => i / (FRAMES - 1));
    const list = this.rows.flatMap(({ way }) => times.map((t) => this.latent(way, t)));
    for (const row of this.rows) {
      row.frames = [];
      row.norm.textContent = `midpoint ‖z‖ ${plain(length(along(this.points.map((p) => p.z).slice(0, 2), 0.5, row.way)))}`;
    }
    this.words.textContent = `Samples of the prior have ‖z‖ near √${steer.raw.length} = ${plain(Math.sqrt(steer.raw.length))}. A midpoint much nearer to 0 has left the region the decoder was trained on.`;
    steer.pump.ask("walk", list, steer.label, (pixels, first, count) => {
      const size = pixels.length / count;
      for (let i = 0; i < count; i++) {
        const place = first + i;
        this.rows[Math.floor(place / FRAMES)].frames[place % FRAMES] = pixels.slice(i * size, (i + 1) * size);
      }
      this.drawStrips();
    });
    this.seek(this.t);
    this.readLines();
  }

  async readLines() {
    const { voice, steer } = this;
    if (!voice?.media?.text || !steer) return;
    const lines = await voice.read(this.along(READ), steer.label);
    if (voice === this.voice) this.lines.replaceChildren(...lines.map((line) => make("li", { textContent: line })));
  }

  drawStrips() {
    if (!this.steer) return;
    const { shape } = this.steer.exploration, [, h, w] = shape;
    for (const { strip, frames } of this.rows) {
      const width = strip.clientWidth, height = strip.clientHeight;
      if (!width) continue;
      const context = fresh(strip, width, height);
      const many = Math.max(2, Math.min(FRAMES, Math.floor(width / ((height * w) / h)))), cell = width / many;
      for (let i = 0; i < many; i++) {
        const frame = frames[Math.round((i * (FRAMES - 1)) / (many - 1))];
        const size = Math.min(cell, (height * w) / h);
        if (frame) paintAt(context, frame, shape, 0, i * cell + (cell - size) / 2, (height - (size * h) / w) / 2, size, (size * h) / w);
      }
      const x = Math.max(1, Math.min(width - 1, this.t * width));
      context.fillStyle = getComputedStyle(strip).getPropertyValue("--accent") || "#4a4fbf";
      context.fillRect(x - 1, 0, 2.5, height);
    }
  }

  /** Go to a share of the walk and decode both pictures there. @param {number} t */
  seek(t) {
    this.t = t;
    this.scrub.value = String(t);
    this.scrub.style.setProperty("--to", `${100 * t}%`);
    const { steer } = this;
    if (!steer || this.points.length < 2) return;
    steer.pump.ask("play", this.rows.map(({ way }) => this.latent(way, t)), steer.label, (pixels, first, count) => {
      for (let i = 0; i < count; i++) paint(this.rows[first + i].live, pixels, steer.exploration.shape, i);
      this.on.frame(this.rows[this.rows.length - 1].live);
    });
    this.drawStrips();
    this.on.head(t);
  }

  toggle() {
    if (this.playing) return this.pause();
    this.playing = true;
    dressPlay(this.play, true);
    if (this.t >= 1) this.t = 0;
    let last = performance.now();
    /** @param {number} now */
    const next = (now) => {
      if (!this.playing) return;
      // A frame's time may lie before the click that started it.
      const passed = Math.min(100, Math.max(0, now - last)) / 1000;
      last = now;
      const t = this.t + (passed * this.speed) / (LEG_SECONDS * (this.stops.length - 1));
      if (t >= 1 && !this.loop) {
        this.seek(1);
        return this.pause();
      }
      this.seek(t % 1);
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  }

  pause() {
    this.playing = false;
    dressPlay(this.play, false);
  }

  drawChips() {
    const { steer } = this;
    if (!steer) return;
    /** @type {{ point: explorer.WalkPoint, canvas: HTMLCanvasElement }[]} */
    const missing = [];
    this.chips.replaceChildren(
      ...this.points.map((point, i) => {
        const canvas = make("canvas", { className: "pixels", width: 28, height: 28 });
        if (point.pixels) paint(canvas, point.pixels, steer.exploration.shape);
        else missing.push({ point, canvas });
        const remove = iconButton("close", `Remove point ${i + 1}`, () => this.set(this.points.filter((each) => each !== point)));
        return make("span", { className: "chip", role: "listitem" }, make("b", { textContent: String(i + 1) }), canvas, remove);
      }),
    );
    if (!missing.length) return;
    steer.pump.ask("chips", missing.map(({ point }) => point.z), steer.label, (pixels, first, count) => {
      const size = pixels.length / count;
      for (let i = 0; i < count; i++) {
        const { point, canvas } = missing[first + i];
        point.pixels = pixels.slice(i * size, (i + 1) * size);
        paint(canvas, point.pixels, steer.exploration.shape);
      }
    });
  }

  /** What Python is told: the points, and how they are joined. */
  get state() {
    const points = this.points.map(({ kind, index, z }) => (kind === "item" ? { kind, index } : { kind, z: Array.from(z) }));
    return { points, loop: this.loop, y: this.steer?.label ?? null };
  }

  destroy() {
    this.pause();
    this.resize.disconnect();
  }
}
