// Samples that runs drew while they trained, side by side under one slider, with a button that plays them.

import { iconButton, make } from "../dom.js";

const films = new WeakMap();

/** @param component Streamlit's component: {data, parentElement}. */
export default function render({ data, parentElement }) {
  let film = films.get(parentElement);
  if (!film) films.set(parentElement, (film = new Film(parentElement.querySelector(".back-in-time"))));
  film.update(data);
  return () => {
    film.pause();
    films.delete(parentElement);
  };
}

class Film {
  constructor(root) {
    Object.assign(this, { root, at: 0, timer: 0 });
    this.play = iconButton("play", "Play", () => this.toggle(), "", { className: "icon play" });
    this.slider = make("input", { type: "range", min: 0, step: 1, "aria-label": "Back in time" });
    this.slider.oninput = () => {
      this.pause();
      this.show(Number(this.slider.value));
    };
    this.words = make("output");
    this.row = make("div", { className: "row" });
    root.replaceChildren(make("div", { className: "controls" }, this.play, this.slider, this.words), this.row);
  }

  /** @param data {films: [{title, frames: [{at, src, images}]}], places: [[at, words]], playing, seconds}. */
  update(data) {
    const shown = JSON.stringify(data);
    if (shown === this.known) return;
    this.known = shown;
    const followed = !this.data || this.at === this.data.places.length - 1;
    this.data = data;
    this.slider.max = data.places.length - 1;
    this.row.style.setProperty("--columns", data.films.length);
    this.figures = data.films.map(({ title, frames }) => {
      const image = make("img", { alt: "" }), caption = make("figcaption");
      return { title, frames, image, caption, element: make("figure", {}, image, caption) };
    });
    this.row.replaceChildren(...this.figures.map(({ element }) => element));
    this.show(followed ? data.places.length - 1 : Math.min(this.at, data.places.length - 1));
    if (data.playing && !this.started) this.toggle();
    this.started = true;
  }

  /** Show every run at its newest picture at or before a place. */
  show(at) {
    this.at = at;
    const [place, words] = this.data.places[at];
    this.slider.value = at;
    this.slider.setAttribute("aria-valuetext", words);
    this.slider.style.setProperty("--to", `${(100 * at) / Math.max(1, this.data.places.length - 1)}%`);
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
    this.dress();
    await this.fetchAll();
    if (this.timer !== -1) return;
    if (this.at === this.data.places.length - 1) this.show(0);
    this.timer = setInterval(() => {
      if (!this.root.isConnected || this.at >= this.data.places.length - 1) return this.pause();
      this.show(this.at + 1);
    }, 1000 * this.data.seconds);
  }

  pause() {
    clearInterval(this.timer);
    this.timer = 0;
    this.dress();
  }

  dress() {
    const name = this.timer ? "pause" : "play", words = this.timer ? "Pause" : "Play";
    this.play.replaceChildren(...iconButton(name, words, null).childNodes);
    this.play.title = words;
    this.play.setAttribute("aria-label", words);
  }
}
