// The explorer: maps, picture, sliders and walk under one selection; Python is told what has been settled.

import { Bar } from "./bar.js";
import { HoverCard } from "./card.js";
import { isDark } from "../colours.js";
import { make } from "../dom.js";
import { Exploration } from "./exploration.js";
import { apply, follow } from "./follow.js";
import { Legend } from "./legend.js";
import { MapPanel } from "./map.js";
import { fitAffine, invertAffine, normal } from "./maths.js";
import { PictureCard, latentActions } from "./pictures.js";
import { NoMap, Samples } from "./samples.js";
import { choose, chooseAll, selectionOf, twin } from "./selection.js";
import { copy, link, note, padded, parse, save, walkInAddress } from "./saved.js";
import { Sliders } from "./sliders.js";
import { Steer } from "./steer.js";
import { labelOf, nameOf, wordsOf } from "./words.js";
import { drawTrail, moveHead } from "./trail.js";
import { Walk } from "./walk.js";

export class App {
  /**
   * @param root Element that is filled.
   * @param assets Address of this folder.
   *
   * `tell(name, value)` is set from outside and called with what is settled; `fire` likewise for what happens once.
   */
  constructor(root, assets) {
    Object.assign(this, { root, assets, views: [], active: 0, token: {}, shown: null, turn: Promise.resolve() });
    this.notice = make("p", { className: "notice", role: "alert", hidden: true });
    this.card = new HoverCard();
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
    this.sliders = new Sliders({
      actions: latentActions({
        random: () => steer().random(), reset: () => steer().reset(), undo: () => steer().undo(), redo: () => steer().redo(),
        walk: () => this.addToWalk(), save: () => save(steer()), link: () => this.share(), load: (file) => this.load(file),
      }),
    });
    this.walk = new Walk({
      changed: () => this.walkChanged(), head: (t) => this.walkHead(t), add: () => this.addToWalk(),
      here: (z) => steer().jump(z, { free: true }), export: (format) => this.fire("export_walk", { format, ...this.walkState }),
    });
    this.maps = make("div", { className: "maps" });
    this.cards = make("div", { className: "cards" });
    this.side = make("div", { className: "side" }, this.cards, this.sliders.element);
    root.append(this.notice, this.bar.element, make("div", { className: "main" }, this.maps, this.side), this.walk.element);
    this.side.ondragover = (event) => event.preventDefault();
    this.side.ondrop = (event) => {
      event.preventDefault();
      if (event.dataTransfer.files[0]) this.load(event.dataTransfer.files[0]);
    };
  }

  get steer() {
    return this.views[this.active].steer;
  }

  say(text) {
    this.notice.textContent = text;
    this.notice.hidden = !text;
  }

  /** Bring the explorer to what Python says; called at every rerun, one after the other. */
  update(data) {
    this.data = data;
    this.turn = this.turn.then(() => this.bring(data)).catch((error) => this.say(error.message));
    return this.turn;
  }

  async bring(data) {
    this.root.style.setProperty("--height", `${data.height}px`);
    const dark = isDark(getComputedStyle(this.root).getPropertyValue("--ground").trim() || "#fff");
    const themed = this.dark !== dark;
    this.dark = dark;
    const identity = JSON.stringify([data.sources.map((each) => each.id), data.decode]);
    const stage = JSON.stringify(data.sources.map((each) => [each.base, each.version]));
    const { identity: shown, stage: reached, followed: previous } = this;
    Object.assign(this, { identity, stage, followed: data });
    if (identity !== shown) return this.open(data);
    if (!this.opened) return undefined;
    return stage === reached ? follow(this, data, previous, themed) : this.explored(data);
  }

  /** Show models afresh: sliders and pictures first, which need only decoders. */
  async open(data) {
    this.opened = false;
    this.root.dataset.state = "opening";
    performance.mark("genlab:open");
    this.say("");
    const explorations = await Promise.all(data.sources.map((source) => Exploration.open(source)));
    this.views.forEach(({ map }) => map.destroy());
    const wanted = new URLSearchParams(globalThis.location.search).get("decode") || data.decode;
    this.views = explorations.map((exploration, place) => this.view(exploration, place, wanted));
    this.cards.replaceChildren(...this.views.map(({ card }) => card.element));
    this.root.classList.toggle("two", this.views.length > 1);
    this.opened = true;
    this.activate(0);
    const decoders = Promise.all(this.views.map(({ steer }) => steer.decoder.open()));
    await this.lay(data);
    this.views.forEach(({ steer }) => this.start(steer));
    const points = data.address ? walkInAddress(this.steer.exploration) : [];
    apply(this, data, {});
    if (points.length) this.walk.set(points);
    decoders.then(() => this.settle());
  }

  /** Models that are open have been explored, or explored again: their latents and walks stay. */
  async explored(data) {
    await Promise.all(this.views.map(async (view, i) => {
      const source = data.sources[i], { base, version } = view.exploration.source;
      if (base === source.base && version === source.version) return;
      await view.exploration.upgrade(source);
      view.steer.item = -1;
      this.lend(view, i);
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

  /** Lay out what there is: maps of explored models, samples of others. */
  async lay(data) {
    const known = this.views.filter(({ exploration }) => exploration.explored);
    this.maps.replaceChildren(...this.views.map(({ panel }) => panel), this.bar.actions);
    this.bar.element.hidden = this.walk.films.hidden = known.length < this.views.length;
    this.views.forEach(({ card, exploration }) => card.know(exploration.explored));
    if (!known.length) return;
    this.shown = new Set(data.parts || known.flatMap(({ exploration }) => exploration.parts.map((part) => part.name)));
    const [{ exploration: first }] = known;
    this.colour = data.colour ?? (first.attributes[0]?.name || "");
    this.projection = first.projections.includes(data.projection) ? data.projection : first.projections[0];
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
    known.forEach(({ map, card }) => {
      this.fitPlaces(map);
      card.moved();
    });
  }

  /** The class of every item, where there is one. */
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
      else if (!samples.list) samples.draw();
    }
  }

  /** The first picture: the first image of the data, or a sample of the prior where there are none. */
  start(steer) {
    const { exploration } = steer, view = this.views.find((each) => each.steer === steer);
    if (exploration.data.stop > exploration.data.start) {
      const index = exploration.data.start;
      Object.assign(steer, { raw: Float32Array.from(exploration.code(index)), item: index, label: labelOf(view, index) ?? steer.label });
    } else steer.raw = normal(exploration.dim).map((value, i) => value + exploration.mean[i]);
    steer.anchor = Float32Array.from(steer.raw);
    steer.tell(false);
  }

  view(exploration, place, wanted) {
    const steer = new Steer(exploration, this.assets, wanted);
    const view = { exploration, steer, classes: null, label: steer.label };
    view.card = new PictureCard(steer, {
      activate: () => this.activate(place),
      item: (index) => this.pick(place, index),
      nearest: (index) => {
        view.map.overlay.nearest = index;
        if (!view.map.affine) view.map.drawOver();
      },
      point: (index) => { view.map.overlay.other = index; view.map.drawOver(); },
      name: (index) => nameOf(this.views[place], index),
    });
    steer.addEventListener("move", () => this.moved(place));
    steer.addEventListener("settle", () => this.settled(place));
    this.lend(view, place);
    return view;
  }

  /** Give a view its map and legend, or samples where there is no map yet. */
  lend(view, place) {
    const { exploration, steer } = view;
    view.map?.destroy();
    view.legend = new Legend(exploration, () => this.recolour());
    if (exploration.explored) {
      view.map = new MapPanel(exploration, {
        hover: (index) => this.hover(place, index),
        pick: (index) => this.pick(place, index),
        place: (at) => this.placed(place, at),
        select: (items, mode) => this.select(place, items, mode),
        tool: (name) => this.use(name),
        walk: () => this.addToWalk(),
      });
      view.map.element.append(view.legend.element);
    } else {
      view.map = new NoMap(exploration);
      view.samples = new Samples(steer);
    }
    const title = make("h2", { textContent: exploration.title, className: "map-title" });
    view.panel = make("div", { className: "panel" }, title, exploration.explored ? view.map.element : view.samples.element);
  }

  activate(place) {
    this.active = place;
    this.views.forEach(({ card }, i) => card.dress(this.views.length > 1, i === place));
    this.sliders.follow(this.steer);
    this.walk.follow(this.steer);
  }

  // What is shown

  async project(name, tell = true) {
    this.projection = name;
    try {
      await Promise.all(this.views.map(({ map }) => map.project(name)));
    } catch (error) {
      return this.say(error.message);
    }
    this.views.forEach(({ map }) => this.fitPlaces(map));
    this.bar.projection.querySelector("select").value = name;
    if (tell) this.tellView();
    return undefined;
  }

  /** Where latents that are no items lie on the map: known exactly when the projection is linear. */
  fitPlaces(map) {
    const { exploration } = map, linear = exploration.ready && ["pca", "latent"].includes(map.projection);
    map.affine = linear ? fitAffine(exploration.ready, exploration.dim, map.places) : null;
    const view = this.views.find((each) => each.map === map);
    if (map.affine && exploration.dim === 2) map.overlay.showManifold(view.steer, map.affine);
    this.moved(this.views.indexOf(view));
    this.drawWalk();
  }

  async colourBy(name, tell = true) {
    this.colour = name;
    try {
      await Promise.all(this.views.map(({ legend }) => legend.use(name)));
    } catch (error) {
      return this.say(error.message);
    }
    this.bar.colour.querySelector("select").value = name;
    this.recolour();
    if (tell) this.tellView();
    return undefined;
  }

  recolour() {
    for (const { legend, map } of this.views) {
      map.category = legend.category;
      map.overlay.names = null;
      map.colour(legend.colours(this.dark, this.shown));
      legend.draw(this.dark);
    }
  }

  use(tool) {
    this.bar.use(tool);
    this.views.forEach(({ map }) => map.use(tool));
  }

  // Pointing and selecting

  hover(place, index) {
    const { exploration, map } = this.views[place];
    if (index >= 0) {
      const words = wordsOf(this.views[place], index);
      const at = map.view.toScreen(map.places[2 * index], map.places[2 * index + 1]);
      this.card.show(exploration, index, at, map, words);
      map.live.textContent = words.filter(Boolean).join(", ");
    } else this.card.show(exploration, -1);
    this.views.forEach((view, i) => {
      if (i === place) return;
      view.map.overlay.other = twin(this.views, place, i, index);
      view.map.drawOver();
    });
  }

  pick(place, index) {
    if (!this.views[place].exploration.ready) return;
    this.views.forEach((view, i) => {
      const own = twin(this.views, place, i, index);
      if (own >= 0) view.steer.toItem(own, labelOf(view, own));
    });
    if (place !== this.active) this.activate(place);
    this.views[place].map.live.textContent = `Decoded: ${wordsOf(this.views[place], index).join(", ")}`;
  }

  /** A click where there is no item: on the plane of a two-dimensional latent space it is a latent too. */
  placed(place, at) {
    const { map, exploration, steer } = this.views[place];
    if (!map.affine || exploration.dim !== 2) return;
    steer.jump(invertAffine(map.affine, ...at), { free: true });
  }

  get selection() {
    return selectionOf(this.views);
  }

  select(place, items, mode) {
    choose(this.views, place, items, mode);
    this.selected();
  }

  selectAll(what) {
    chooseAll(this.views, what);
    this.selected();
  }

  selected(tell = true) {
    const count = Math.max(...this.views.map(({ map }) => map.chosen));
    this.bar.tell(count);
    this.views[this.active].map.live.textContent = `${count.toLocaleString("en")} selected`;
    if (tell) this.tell("selection", this.selection);
  }

  // The latent

  moved(place) {
    const { map, steer, exploration } = this.views[place];
    map.overlay.latent = map.affine && exploration.ready && steer.item < 0 ? map.affine.apply(steer.z) : null;
    map.overlay.placeMarker();
    if (map.picked === steer.item) return;
    map.picked = steer.item;
    map.drawOver();
  }

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
    if (!this.data.address || this.active !== 0) return;
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

  async load(file) {
    try {
      const { z, y } = parse(await file.text(), this.steer.exploration);
      this.say("");
      this.steer.jump(z, { label: y, free: true });
    } catch (error) {
      this.say(error.message);
    }
  }

  // The walk

  addToWalk() {
    const { steer } = this;
    const point = steer.item >= 0 ? { kind: "item", index: steer.item, z: steer.z } : { kind: "latent", z: steer.z };
    this.walk.add(point);
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

  walkHead(t) {
    if (this.opened) moveHead(this.views[this.active].map, this.walk, t);
  }

  destroy() {
    this.walk.destroy();
    this.views.forEach(({ map }) => map.destroy());
  }
}
