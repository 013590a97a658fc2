// The explorer: maps, picture, sliders and walk under one selection; Python is told what has been settled.

import { Bar } from "./bar.js";
import { HoverCard } from "./card.js";
import { isDark } from "../colours.js";
import { brush, copy, make, sentence } from "../dom.js";
import { Exploration } from "./exploration.js";
import { apply, follow } from "./follow.js";
import { MapPanel } from "./map.js";
import { dressed, onStage } from "../hall.js";
import { fitAffine, invertAffine, normal } from "../maths.js";
import { latentActions } from "./pictures.js";
import { placeOf } from "./places.js";
import { link, note, padded, parse, save, walkInAddress } from "./saved.js";
import { choose, chooseAll, selectionOf, twin } from "./selection.js";
import { Sliders } from "./sliders.js";
import { drawTrail, moveHead } from "./trail.js";
import { lend, openView } from "./view.js";
import { Reading, whileHeld } from "./voice.js";
import { Walk } from "./walk.js";
import { labelOf, wordsOf } from "./words.js";

/** How far one key steers. */
const STEER = 0.5;

export class App {
  /**
   * @param {HTMLElement} root Element that is filled.
   */
  constructor(root) {
    this.root = root;
    /** Set from outside, and called with what is settled. @type {(name: string, value: object) => void} */
    this.tell = () => {};
    /** Likewise for what happens once. @type {(name: string, value: object) => void} */
    this.fire = () => {};
    /** The models that are open. @type {explorer.View[]} */
    this.views = [];
    /** Which of them the sliders belong to. */
    this.active = 0;
    /** What Python says, and what of it has been begun. @type {explorer.Data | null} */
    this.data = null;
    /** @type {Partial<explorer.Data>} */
    this.followed = {};
    this.identity = this.stage = "";
    /** What Python has asked for once. @type {{ select?: string, latent?: string }} */
    this.token = {};
    /** Names of the parts that are shown. @type {Set<string>} */
    this.shown = new Set();
    this.colour = this.projection = "";
    this.dark = this.opened = false;
    /** The work that is under way. @type {Promise<unknown>} */
    this.turn = Promise.resolve();
    this.notice = make("p", { className: "notice", role: "alert", hidden: true });
    this.card = new HoverCard();
    /** What the pointer is on. @type {{ place: number, index: number }} */
    this.pointed = { place: 0, index: -1 };
    this.silence = whileHeld(root, () => this.said());
    this.bar = new Bar({
      colour: (name) => this.colourBy(name),
      projection: (name) => this.project(name),
      parts: () => this.recolour(),
      tool: (name) => this.use(name),
      home: () => this.views.forEach(({ map }) => map.home()),
      select: (what) => this.selectAll(what),
      group: (name) => this.fire("save_group", { name, ...this.selection }),
      compare: () => this.fire("send_to_compare", this.selection),
    });
    const steer = () => this.steer;
    this.sliders = new Sliders(latentActions({
      random: () => steer().random(), reset: () => steer().reset(), undo: () => steer().undo(), redo: () => steer().redo(),
      walk: () => this.addToWalk(), save: () => save(steer()), link: () => this.share(), load: (file) => this.load(file),
    }));
    this.walk = new Walk({
      changed: () => this.walkChanged(), head: (t) => this.walkHead(t), frame: (picture) => this.walkFrame(picture), add: () => this.addToWalk(),
      here: (z) => steer().jump(z, { free: true }), export: (format) => this.fire("export_walk", { format, ...this.walkState }),
    });
    this.maps = make("div", { className: "maps" });
    this.cards = make("div", { className: "cards" });
    this.side = make("div", { className: "side" }, this.cards, this.sliders.element);
    root.append(this.notice, this.bar.element, make("div", { className: "main" }, this.maps, this.side), this.walk.element);
    this.leave = onStage({
      " ": () => this.walk.playAny(), r: () => steer().random(),
      ArrowLeft: () => this.steerBy(-STEER), ArrowRight: () => this.steerBy(STEER),
      ArrowUp: () => this.sliders.turnBy(-1), ArrowDown: () => this.sliders.turnBy(1),
    });
    this.resized = new ResizeObserver(() => dressed(root));
    this.resized.observe(root);
    this.side.ondragover = (event) => event.preventDefault();
    this.side.ondrop = (event) => {
      event.preventDefault();
      const file = event.dataTransfer?.files[0];
      if (file) this.load(file);
    };
  }

  get steer() {
    return this.views[this.active].steer;
  }

  /** What is shown, as Python names it. */
  get bases() {
    return this.data?.sources.map((source) => source.base || source.run) ?? [];
  }

  /** @param {string} text */
  say(text) {
    this.notice.textContent = text;
    this.notice.hidden = !text;
  }

  /** Say why something could not be shown, and offer to try again. @param {unknown} error */
  failed(error) {
    this.say(`${sentence(error)} `);
    if (this.identity && this.stage) return;
    this.notice.append(make("button", { type: "button", textContent: "Try again", onclick: () => this.data && this.update(this.data) }));
  }

  /** Bring the explorer to what Python says; called at every rerun, one after the other. @param {explorer.Data} data */
  update(data) {
    this.data = data;
    this.turn = this.turn.then(() => this.bring(data)).catch((error) => this.failed(error));
    return this.turn;
  }

  /** @param {explorer.Data} data @returns {Promise<void>} */
  async bring(data) {
    this.root.style.setProperty("--height", `${data.height}px`);
    const dark = isDark(getComputedStyle(this.root).getPropertyValue("--ground").trim() || "#fff");
    const themed = this.dark !== dark;
    this.dark = dark;
    const identity = JSON.stringify([data.sources.map((each) => each.id), data.decode]);
    const stage = JSON.stringify(data.sources.map((each) => [each.base, each.version]));
    const { identity: shown, stage: reached, followed: previous } = this;
    // What fails is not shown: whoever tries again begins with it afresh.
    Object.assign(this, { identity: identity === shown ? shown : "", stage: stage === reached ? reached : "", followed: data });
    if (identity !== shown) await this.open(data);
    else await (stage === reached ? follow(this, data, previous, themed) : this.explored(data));
    Object.assign(this, { identity, stage });
  }

  /** Show models afresh: sliders and pictures first, which need only decoders. @param {explorer.Data} data */
  async open(data) {
    this.opened = false;
    this.root.dataset.state = "opening";
    performance.mark("genlab:open");
    this.say("");
    const explorations = await Promise.all(data.sources.map((source) => Exploration.open(source)));
    this.views.forEach(({ map }) => map.destroy());
    const wanted = new URLSearchParams(globalThis.location.search).get("decode") || data.decode;
    this.views = explorations.map((exploration, place) => openView(this, exploration, place, wanted));
    this.cards.replaceChildren(...this.views.map(({ card }) => card.element));
    this.root.classList.toggle("two", this.views.length > 1);
    this.opened = true;
    this.activate(0);
    const decoders = Promise.all(this.views.map(({ steer }) => steer.decoder.open()));
    await this.lay(data);
    this.views.forEach((view) => this.start(view));
    const points = data.address ? walkInAddress(this.steer.exploration) : [];
    apply(this, data, {});
    if (points.length) this.walk.set(points);
    decoders.then(() => this.settle());
  }

  /** Models that are open have been explored, or explored again: their latents and walks stay. @param {explorer.Data} data */
  async explored(data) {
    await Promise.all(this.views.map(async (view, i) => {
      const source = data.sources[i], { base, version } = view.exploration.source;
      if (base === source.base && version === source.version) return;
      await view.exploration.upgrade(source);
      view.steer.item = -1;
      lend(this, view, i);
    }));
    await this.lay(data);
    apply(this, data, {});
    this.sliders.follow(this.steer);
    // What was settled before belongs to what was shown before.
    this.views.forEach((_, i) => this.settled(i));
    this.walkChanged();
    await Promise.all(this.views.map(({ steer }) => steer.decoder.open()));
    this.settle();
  }

  /** Lay out what there is: maps of explored models, samples of others. @param {explorer.Data} data */
  async lay(data) {
    const known = this.views.filter(({ exploration }) => exploration.explored);
    this.maps.replaceChildren(...this.views.map(({ panel }) => panel), this.bar.actions);
    this.bar.element.hidden = this.walk.films.hidden = known.length < this.views.length;
    this.views.forEach(({ card, exploration }) => card.know(exploration.explored));
    if (!known.length) return;
    this.shown = new Set(data.parts || known.flatMap(({ exploration }) => exploration.parts.map((part) => part.name)));
    const [{ exploration: first }] = known;
    this.colour = data.colour ?? (first.attributes[0]?.name || "");
    this.projection = first.projections.find((name) => name === data.projection) ?? first.projections[0];
    this.bar.offer(known.map(({ exploration }) => exploration), this.colour, this.projection, this.shown);
    await Promise.all(known.map(async (view) => {
      await Promise.all([view.legend.use(this.colour), view.map.project(this.projection)]);
      view.map.select(new Uint8Array(view.exploration.n));
    }));
    this.recolour();
    known.forEach(({ map }) => map.measure());
    performance.mark("genlab:map");
    this.root.dataset.state = "map";
    // What the map does not wait for.
    await Promise.all(known.map(async (view) => {
      await view.exploration.codes();
      await this.learn(view);
    }));
    known.forEach((view) => {
      this.fitPlaces(view);
      view.card.moved();
    });
  }

  /** The class of every item, where there is one. @param {explorer.View} view */
  async learn(view) {
    if (view.exploration.attributes.some((each) => each.name === "class")) view.classes = await view.exploration.values("class");
  }

  /** Say how far everything is; fetch the pictures of all items meanwhile. */
  async settle() {
    if (this.views.some(({ steer }) => !steer.decoder.opened)) return;
    const all = this.views.every(({ exploration }) => exploration.explored);
    this.root.dataset.state = all ? "ready" : "prior";
    for (const { exploration, samples } of this.views) {
      if (exploration.explored) await exploration.warm();
      else if (!samples?.list) samples?.draw();
    }
  }

  /**
   * The first picture: the first image of the data, or a sample of the prior where there are none.
   *
   * @param {explorer.View} view
   */
  start(view) {
    const { exploration, steer } = view;
    if (exploration.data.stop > exploration.data.start) {
      const index = exploration.data.start;
      Object.assign(steer, { raw: Float32Array.from(exploration.code(index)), item: index, label: labelOf(view, index) ?? steer.label });
    } else steer.raw = normal(exploration.dim).map((value, i) => value + exploration.mean[i]);
    steer.anchor = Float32Array.from(steer.raw);
    steer.tell(false);
  }

  /** @param {number} place */
  activate(place) {
    this.active = place;
    this.views.forEach(({ card }, i) => card.dress(this.views.length > 1, i === place));
    this.sliders.follow(this.steer);
    this.walk.follow(this.steer);
  }

  // What is shown

  /** @param {string} name @param {boolean} [tell] Whether Python is to know. */
  async project(name, tell = true) {
    this.projection = name;
    try {
      await Promise.all(this.views.map(({ map }) => map.project(name)));
    } catch (error) {
      this.say(sentence(error));
      return;
    }
    this.views.forEach((view) => this.fitPlaces(view));
    this.bar.projection.select.value = name;
    if (tell) this.tellView();
  }

  /** Where latents that are no items lie on the map: known exactly when the projection is linear. @param {explorer.View} view */
  fitPlaces(view) {
    const { map, exploration, steer } = view, linear = ["pca", "latent"].includes(map.projection);
    map.affine = linear && exploration.ready && map.places ? fitAffine(exploration.ready, exploration.dim, map.places) : null;
    if (map.affine && exploration.dim === 2) map.overlay.showManifold(steer, map.affine);
    this.moved(this.views.indexOf(view));
    this.drawWalk();
  }

  /** @param {string} name @param {boolean} [tell] Whether Python is to know. */
  async colourBy(name, tell = true) {
    this.colour = name;
    try {
      await Promise.all(this.views.map(({ legend }) => legend.use(name)));
    } catch (error) {
      this.say(sentence(error));
      return;
    }
    this.bar.colour.select.value = name;
    this.recolour();
    if (tell) this.tellView();
  }

  recolour() {
    for (const { legend, map } of this.views) {
      map.category = legend.category;
      map.overlay.names = null;
      map.colour(legend.colours(this.dark, this.shown));
      legend.draw(this.dark);
    }
  }

  /** @param {explorer.Tool} tool */
  use(tool) {
    this.bar.use(tool);
    this.views.forEach(({ map }) => map.use(tool));
  }

  // Pointing and selecting

  /** @param {number} place @param {number} index The item under the pointer, or -1. */
  hover(place, index) {
    const { exploration, map } = this.views[place];
    this.pointed = { place, index };
    this.readAloud(place, index);
    if (index >= 0 && map instanceof MapPanel && map.places) {
      const words = wordsOf(this.views[place], index);
      this.card.show(exploration, index, map.view.toScreen(...placeOf(map.places, index)), map, words);
      map.live.textContent = words.filter(Boolean).join(", ");
    } else this.card.hide();
    this.views.forEach((view, i) => {
      if (i === place) return;
      view.map.overlay.other = twin(this.views, place, i, index);
      view.map.drawOver();
    });
  }

  /** Read what the pointer is on. @param {number} place @param {number} index */
  readAloud(place, index) {
    const { exploration, card, steer } = this.views[place];
    if (index < 0 || !exploration.ready || !card.voice.media?.text) return;
    if (this.card.reading?.voice !== card.voice) this.card.reading = new Reading(card.voice);
    this.card.reading.of(exploration.code(index), labelOf(this.views[place], index) ?? steer.label);
  }

  /** The latent that is heard: of what the pointer is on, or else the present one. */
  said() {
    if (!this.opened) return null;
    const { place, index } = this.pointed, view = this.views[place];
    if (index >= 0 && view?.exploration.ready) {
      return { voice: view.card.voice, z: view.exploration.code(index), label: labelOf(view, index) ?? view.steer.label };
    }
    const { card, steer } = this.views[this.active];
    return { voice: card.voice, z: steer.z, label: steer.label };
  }

  /** @param {number} place @param {number} index */
  pick(place, index) {
    if (!this.views[place].exploration.ready) return;
    this.views.forEach((view, i) => {
      const own = twin(this.views, place, i, index);
      if (own >= 0) view.steer.toItem(own, labelOf(view, own));
    });
    if (place !== this.active) this.activate(place);
    this.views[place].map.live.textContent = `Decoded: ${wordsOf(this.views[place], index).join(", ")}`;
  }

  /**
   * A click where there is no item: on the plane of a two-dimensional latent space it is a latent too.
   *
   * @param {number} place
   * @param {Place} at
   */
  placed(place, at) {
    const { map, exploration, steer } = this.views[place];
    if (!map.affine || exploration.dim !== 2) return;
    steer.jump(invertAffine(map.affine, ...at), { free: true });
  }

  get selection() {
    return selectionOf(this.views);
  }

  /** @param {number} place @param {number[]} items @param {explorer.Mode} mode */
  select(place, items, mode) {
    choose(this.views, place, items, mode);
    this.selected();
  }

  /** @param {"all" | "none" | "invert"} what */
  selectAll(what) {
    chooseAll(this.views, what);
    this.selected();
  }

  /** @param {boolean} [tell] Whether Python is to know. */
  selected(tell = true) {
    const count = Math.max(...this.views.map(({ map }) => map.chosen));
    this.bar.tell(count);
    this.views[this.active].map.live.textContent = `${count.toLocaleString("en")} selected`;
    if (tell) this.tell("selection", this.selection);
  }

  // The latent

  /** @param {number} place */
  moved(place) {
    const { map, steer, exploration } = this.views[place];
    map.overlay.latent = map.affine && exploration.ready && steer.item < 0 ? map.affine.apply(steer.z) : null;
    map.overlay.placeMarker();
    if (map.picked === steer.item) return;
    map.picked = steer.item;
    map.drawOver();
  }

  /** @param {number} place */
  settled(place) {
    const view = this.views[place], { steer, map, exploration } = view;
    if (view.label !== steer.label) {
      view.label = steer.label;
      if (place === this.active && this.walk.points.length > 1) this.walk.decode();
      if (map.affine && exploration.dim === 2) map.overlay.showManifold(steer, map.affine);
    }
    this.note();
    this.tell("latent", { source: place, z: Array.from(steer.z), y: steer.label, item: steer.item >= 0 ? steer.item : null });
  }

  /** Bring the address up to date; Python, when it reads it, need not ask for what is shown already. */
  note() {
    if (!this.data?.address || this.active !== 0) return;
    this.token.latent = padded(this.steer.z);
    note(this);
  }

  tellView() {
    this.note();
    this.tell("view", { projection: this.projection, colour: this.colour });
  }

  async share() {
    const address = link(this.steer);
    if (await copy(address)) this.say("The link is in the clipboard.");
    else this.say(`Copy this link: ${address}`);
    setTimeout(() => this.say(""), 6000);
  }

  /** @param {File} file A saved latent. */
  async load(file) {
    try {
      const { z, y } = parse(await file.text(), this.steer.exploration);
      this.say("");
      this.steer.jump(z, { label: y, free: true });
    } catch (error) {
      this.say(sentence(error));
    }
  }

  // The walk

  addToWalk() {
    const { steer } = this;
    this.walk.add(steer.item >= 0 ? { kind: "item", index: steer.item, z: steer.z } : { kind: "latent", z: steer.z });
  }

  get walkState() {
    return { source: this.active, ...this.walk.state };
  }

  walkChanged() {
    if (!this.opened) return;
    this.drawWalk();
    this.note();
    this.tell("walk", this.walkState);
  }

  drawWalk() {
    this.views.forEach(({ map }, i) => drawTrail(map, this.walk, i === this.active));
  }

  /** @param {number} t */
  walkHead(t) {
    if (this.opened) moveHead(this.views[this.active].map, this.walk, t);
  }

  /** In the lecture hall the large picture walks. @param {HTMLCanvasElement} picture */
  walkFrame(picture) {
    if (!this.opened || !this.walk.playing || !this.root.classList.contains("presented")) return;
    const { canvas } = this.views[this.active].card, { width, height } = picture;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    brush(canvas).drawImage(picture, 0, 0);
  }

  /** @param {number} by Along the direction at hand. */
  steerBy(by) {
    this.walk.pause();
    this.sliders.nudge(by);
  }

  destroy() {
    this.silence();
    this.leave();
    this.resized.disconnect();
    this.walk.destroy();
    this.views.forEach(({ map }) => map.destroy());
  }
}
