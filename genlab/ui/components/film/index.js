// Samples that runs drew while they trained, side by side under one slider, with a button that plays them.

import { dressPlay, iconButton, make } from "../dom.js";
import { dressed, onStage } from "../hall.js";

/** @type {WeakMap<Node, Film>} */
const films = new WeakMap();

/** @param {Component<film.Data>} component */
export default function render({ data, parentElement }) {
  const known = films.get(parentElement);
  const film = known ?? new Film(/** @type {HTMLElement} */ (parentElement.querySelector(".back-in-time")));
  if (!known) films.set(parentElement, film);
  film.update(data);
  return () => {
    film.stop();
    films.delete(parentElement);
  };
}

class Film {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.at = 0;
    /** Of playing; -1 while pictures are fetched for it. @type {number} */
    this.timer = 0;
    this.started = false;
    this.known = "";
    /** @type {film.Data | null} */
    this.data = null;
    /** @type {film.Figure[]} */
    this.figures = [];
    this.play = iconButton("play", "Play", () => this.toggle(), "", "icon play");
    this.slider = make("input", { type: "range", min: 0, step: 1, "aria-label": "Back in time" });
    this.slider.oninput = () => {
      this.pause();
      this.show(Number(this.slider.value));
    };
    this.words = make("output");
    this.row = make("div", { className: "row" });
    this.leave = onStage({ " ": () => this.toggle(), ArrowLeft: () => this.step(-1), ArrowRight: () => this.step(1) });
    this.resized = new ResizeObserver(() => dressed(root));
    this.resized.observe(root);
    root.replaceChildren(make("div", { className: "controls" }, this.play, this.slider, this.words), this.row);
  }

  get last() {
    return (this.data?.places.length ?? 1) - 1;
  }

  /** @param {film.Data} data */
  update(data) {
    const shown = JSON.stringify(data);
    if (shown === this.known) return;
    this.known = shown;
    const followed = !this.data || this.at === this.last;
    this.data = data;
    this.slider.max = String(this.last);
    this.row.style.setProperty("--columns", String(data.films.length));
    this.figures = data.films.map(({ title, frames }) => {
      const image = make("img", { alt: "" }), caption = make("figcaption");
      return { title, frames, image, caption, element: make("figure", {}, image, caption) };
    });
    this.row.replaceChildren(...this.figures.map(({ element }) => element));
    this.show(followed ? this.last : Math.min(this.at, this.last));
    if (data.playing && !this.started) this.toggle();
    this.started = true;
  }

  /**
   * Show every run at its newest picture at or before a place.
   *
   * @param {number} at
   */
  show(at) {
    const there = this.data?.places[at];
    if (!there) return;
    this.at = at;
    const [place, words] = there;
    this.slider.value = String(at);
    this.slider.setAttribute("aria-valuetext", words);
    this.slider.style.setProperty("--to", `${(100 * at) / Math.max(1, this.last)}%`);
    this.words.textContent = words;
    for (const { title, frames, image, caption } of this.figures) {
      const frame = frames.filter((each) => each.at <= place + 1e-9).at(-1);
      image.hidden = !frame;
      if (frame && image.getAttribute("src") !== frame.src) image.src = frame.src;
      const after = frame ? `${frame.images.toLocaleString("en")} images` : "no picture this early";
      caption.textContent = `${title} · ${after}`;
      image.alt = frame ? `Samples of ${title} after ${after}` : "";
    }
  }

  /** One picture earlier (-1) or later (1). @param {-1 | 1} by */
  step(by) {
    this.pause();
    this.show(Math.min(this.last, Math.max(0, this.at + by)));
  }

  stop() {
    this.pause();
    this.leave();
    this.resized.disconnect();
  }

  /** Fetch all pictures, so that playing does not stutter. */
  async fetchAll() {
    const addresses = this.figures.flatMap(({ frames }) => frames.map(({ src }) => src));
    await Promise.all(addresses.map((src) => {
      const image = new Image();
      image.src = src;
      return image.decode().catch(() => {});
    }));
  }

  async toggle() {
    if (this.timer) return this.pause();
    this.timer = -1;
    dressPlay(this.play, true);
    await this.fetchAll();
    if (this.timer !== -1) return;
    if (this.at === this.last) this.show(0);
    this.timer = setInterval(() => {
      if (!this.root.isConnected || this.at >= this.last) return this.pause();
      this.show(this.at + 1);
    }, 1000 * (this.data?.seconds ?? 1));
  }

  pause() {
    clearInterval(this.timer);
    this.timer = 0;
    dressPlay(this.play, false);
  }
}
