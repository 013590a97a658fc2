// The front page: a few models side by side, one walk, and whoever wants to take it over.

import { loadRuntime } from "../decoder.js";
import { calm, dressPlay, iconButton, make } from "../dom.js";
import { Model } from "./model.js";
import { Motion } from "./motion.js";

const HINT = "Move the pointer over a picture to take over the walk: sideways along it, up and down away from it.";

export class Front {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.known = "";
    /** @type {front.Data | null} */
    this.data = null;
    this.at = 0;
    /** Models of each data set that has been shown. @type {Map<number, Model[]>} */
    this.shown = new Map();
    this.motion = new Motion();
    this.motion.playing = !calm();
    /** Models whose decoders are there or on their way. @type {WeakSet<Model>} */
    this.prepared = new WeakSet();
    this.visible = this.looping = this.stale = this.over = false;
    this.title = make("h2", { "aria-live": "polite" });
    this.row = make("div", { className: "models" });
    this.play = iconButton("play", "Play", () => this.toggle(), "", "icon play");
    this.slider = make("input", { type: "range", min: 0, max: 1, step: 0.005, value: 0, "aria-label": "Place on the walk" });
    this.next = make("button", { type: "button", className: "next", onclick: () => this.turn() });
    this.hint = make("p", { className: "hint" });
    root.replaceChildren(this.title, this.row, make("div", { className: "controls" }, this.play, this.slider, this.next), this.hint);
    this.listen();
    this.watch = new IntersectionObserver(([entry]) => {
      this.visible = entry.isIntersecting;
      this.go();
    });
    this.watch.observe(this.row);
  }

  listen() {
    const { motion, slider, row } = this;
    slider.oninput = () => this.act(() => motion.slide(Number(slider.value)));
    // Whoever used the keys leaves with the focus, whoever used the pointer with the pointer.
    slider.onblur = slider.onpointerleave = () => this.act(() => motion.release("slider"));
    row.onpointermove = (event) => {
      const picture = event.target instanceof Element ? event.target.closest(".frame") : null;
      if (!picture) return this.act(() => motion.release("pointer"));
      const { left, top, width, height } = picture.getBoundingClientRect();
      return this.act(() => motion.point((event.clientX - left) / width, (event.clientY - top) / height));
    };
    row.onpointerleave = row.onpointercancel = () => this.act(() => motion.release("pointer"));
    row.onpointerup = (event) => {
      if (event.pointerType !== "mouse") this.act(() => motion.release("pointer"));
    };
  }

  /** Something was done: whatever it needs is loaded, and shown. @param {() => void} what */
  act(what) {
    what();
    this.go();
  }

  /** @returns {Model[]} */
  get models() {
    return this.shown.get(this.at) ?? [];
  }

  /** @param {front.Data} data */
  update(data) {
    const known = JSON.stringify(data.groups), fresh = known !== this.known;
    this.data = data;
    if (fresh) {
      this.known = known;
      this.shown.clear();
      this.at = Math.min(this.at, Math.max(0, data.groups.length - 1));
      this.show();
    }
    for (const models of this.shown.values()) for (const model of models) model.dress(data.mode);
    this.root.dataset.mode = data.mode;
  }

  /** Turn to the next data set. */
  turn() {
    if (!this.data) return;
    this.at = (this.at + 1) % this.data.groups.length;
    this.show();
  }

  show() {
    const { data } = this, group = data?.groups[this.at];
    if (!data || !group) return;
    const fresh = !this.shown.has(this.at);
    if (fresh) {
      const made = group.models.map((model) => new Model(model, group.title));
      for (const model of made.slice(1)) model.follow(made[0]);
      this.shown.set(this.at, made);
    }
    const { models } = this, following = data.groups[(this.at + 1) % data.groups.length];
    for (const model of models) model.dress(data.mode);
    this.row.style.setProperty("--columns", String(models.length));
    this.row.replaceChildren(...models.map(({ element }) => element));
    const alike = models.every((model) => model.data.dim === models[0].data.dim);
    this.title.textContent = `${listed(group.models)}, trained on ${group.title}`;
    this.hint.textContent = `${alike ? "All walk through the same latents in step, each with its own decoder" : "Each walks through its own latent space, in step"}. ${HINT}`;
    this.next.hidden = data.groups.length < 2;
    this.next.textContent = `Next: ${following.title}`;
    dressPlay(this.play, this.motion.playing);
    this.begin(models, fresh);
  }

  /** Films first, so that something moves at once; what decodes follows. @param {Model[]} models @param {boolean} fresh */
  async begin(models, fresh) {
    if (fresh) await Promise.all(models.map((model) => model.begin()));
    this.stale = true;
    this.go();
  }

  toggle() {
    this.motion.playing = !this.motion.playing;
    dressPlay(this.play, this.motion.playing);
    this.go();
  }

  /** Whether the pictures are to change: never where nobody can see them. */
  get wanted() {
    return this.visible && !this.over && (this.motion.moving || this.stale);
  }

  /** Draw until nothing changes any more. */
  async go() {
    if (this.looping || !this.wanted) return;
    this.looping = true;
    let last = performance.now();
    while (this.wanted) {
      const now = await new Promise(requestAnimationFrame);
      this.motion.advance((now - last) / 1000);
      last = now;
      this.stale = false;
      const { models } = this, { share: t, angle } = this.motion;
      for (const show of await Promise.all(models.map((model) => model.draw({ t, angle })))) show?.();
      if (this.motion.held !== "slider") this.slider.value = String(t);
      this.slider.style.setProperty("--to", `${100 * t}%`);
      // With a film there is something to see before the decoders; without one nothing can be seen until they are there.
      if (this.motion.moving || models.some((model) => !model.film)) this.prepare(models);
    }
    this.looping = false;
  }

  /** Load decoders, one after the other, because each keeps the page for a moment. @param {Model[]} models */
  async prepare(models) {
    const missing = models.filter((model) => !this.prepared.has(model) && !model.stands);
    if (!missing.length) return;
    for (const model of missing) this.prepared.add(model);
    loadRuntime().catch(() => {});
    for (const model of missing) await model.open();
    this.stale = true;
    this.go();
  }

  destroy() {
    this.over = true;
    this.watch.disconnect();
  }
}

/** "A VAE, a GAN and a VAE-GAN". @param {front.Model[]} models */
export function listed(models) {
  const words = models.map(({ one }) => one), last = words.pop();
  const all = words.length ? `${words.join(", ")} and ${last}` : `${last}`;
  return all[0].toUpperCase() + all.slice(1);
}
