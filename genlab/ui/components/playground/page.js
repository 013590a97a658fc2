// The playground's page: it holds the state, talks to the server, and keeps pictures, curves and words together.

import { theme } from "../colours.js";
import { copy, download, make } from "../dom.js";
import { dressed } from "../hall.js";
import { count } from "../numbers.js";
import { Bar, openHelp } from "./bar.js";
import { FAMILIES, meet } from "./families.js";
import { exportGif } from "./files.js";
import { History } from "./history.js";
import { listen } from "./keys.js";
import { Knobs } from "./knobs.js";
import { Lines, beginAnew } from "./lines.js";
import { keeps, tell } from "./local.js";
import { openPen } from "./pen.js";
import { Stages } from "./stages.js";
import { Timeline } from "./timeline.js";
import { Story, Words } from "./words.js";

const LARGEST_FILE = 12 * 2 ** 20;

/** What outlives the page's element. */
const remembered = { session: "", history: new History(), scene: "" };

/** What a button of a notice says and does. @typedef {[label: string, act: () => void]} Offer */

export class Playground {
  /** @param {ParentNode} root @param {Component<playground.Data>} component */
  constructor(root, component) {
    this.component = component;
    this.scenario = component.data.scenario;
    this.scene = remembered.scene;
    this.history = remembered.history;
    this.running = this.reachable = this.waiting = false;
    /** @type {playground.World | null} */
    this.world = null;
    /** The newest picture. @type {playground.Picture | null} */
    this.picture = null;
    /** Which recorded moment is looked at; null for now. @type {number | null} */
    this.at = null;
    /** Settings that are not sent yet, since when, and what sends them. @type {playground.Changes} */
    this.pending = {};
    /** @type {number | null} */
    this.began = null;
    this.timer = this.keeper = 0;
    /** When settings were sent, and when words were last brought up to date. */
    this.flushed = this.worded = -Infinity;
    /** Settings that no picture has answered. @type {{ serial: number, changes: playground.Changes }[]} */
    this.unanswered = [];
    /** When the change began that a command carried. @type {Map<number, number>} */
    this.sent = new Map();
    this.still = window.matchMedia("(prefers-reduced-motion: reduce)");
    meet(component.data.families);
    this.bar = new Bar(component.data.scenes, this.acts(), component.data.files);
    this.knobs = new Knobs(component.data.fields, (changes) => this.set(changes));
    this.timeline = new Timeline((step, end) => this.seek(step, end));
    this.stages = new Stages();
    this.story = new Story();
    this.notices = make("div", { role: "alert" });
    this.words = new Words();
    this.now = make("button", { type: "button", onclick: () => this.seek(0, true) }, "Back to now");
    this.element = this.laidOut();
    root.querySelector(".playground")?.remove();
    root.append(this.element);
    this.refresh();
    this.line = this.opened();
    this.came = this.line.session;
    this.line.connect({ scenario: this.scenario });
    this.stopKeys = listen(this);
    this.refresh();
    this.watcher = setInterval(() => {
      if (document.visibilityState === "visible") this.line.acknowledge(this.picture?.number ?? 0);
    }, 2000);
    this.resized = new ResizeObserver(() => {
      this.placeWords();
      this.redraw();
    });
    this.resized.observe(this.element);
    this.resized.observe(this.stages.element);
  }

  /** What the controls of the bar do. @returns {import("./bar.js").Acts} */
  acts() {
    return {
      scene: (scene) => this.openScene(scene), data: (name) => this.pickData(name), draw: () => this.openPen(),
      model: (model) => this.toggleModel(model), run: () => this.run(!this.running), step: (player) => this.step(player),
      reset: () => this.reset(), speed: (speed) => this.set({ speed }), layer: (layer) => this.toggleLayer(layer),
      save: () => this.line.send("save"), load: (file) => this.load(file), gif: () => this.gif(),
      link: () => this.copyLink(), help: () => openHelp(this.element),
    };
  }

  laidOut() {
    const left = make("div", {}, this.stages.element, this.words.element,
      make("div", { className: "when" }, this.words.clock, this.words.where, this.now), this.timeline.canvas);
    return make("div", { className: "playground" }, this.bar.element, this.notices, this.story.element,
      make("div", { className: "work" }, left, this.knobs.element), this.words.said);
  }

  /** A line to whoever trains, for the session of this tab; a link that has not been followed yet begins another. */
  opened() {
    const { link, socket, distributions, families, fields } = this.component.data;
    const known = sessionStorage.getItem("genlab-playground-link");
    // The address follows the knobs a little late: one that says what is trained here already begins nothing.
    if (link && known !== link && !keeps(this.scenario)) beginAnew();
    if (link) sessionStorage.setItem("genlab-playground-link", link);
    const start = { points: new URL(distributions, document.baseURI).href, families, fields };
    return new Lines(new URL(socket, document.baseURI), start, { scenario: () => this.scenario, running: () => this.running }, {
      onPicture: (picture) => this.receive(picture),
      onEvent: (event) => this.hear(event),
      onState: (state) => this.noteLine(state),
      onSwitch: () => this.begunElsewhere(),
    });
  }

  /** Another side trains from now on: it knows nothing of what was sent to the one before. */
  begunElsewhere() {
    this.unanswered = [];
    this.sent.clear();
    this.picture = null;
    this.refresh();
  }

  /** @param {Component<playground.Data>} component */
  update(component) {
    this.component = component;
    this.refresh();
    const { link } = component.data;
    if (link) sessionStorage.setItem("genlab-playground-link", link);
    this.redraw();
  }

  stop() {
    this.stopKeys();
    clearInterval(this.watcher);
    this.resized.disconnect();
    this.line.close();
  }

  // What comes from the host

  /** @param {playground.Picture | playground.World} picture */
  receive(picture) {
    if (picture.kind === "world") {
      this.enter(picture);
      return;
    }
    this.picture = picture;
    this.running = picture.running;
    this.unanswered = this.unanswered.filter(({ serial }) => serial > picture.serial);
    this.history.addRow(picture.row);
    if (picture.full) this.history.add(picture);
    if (this.waiting) return;
    this.waiting = true;
    const draw = () => requestAnimationFrame(() => {
      this.waiting = false;
      this.redraw();
      if (!this.picture) return;
      this.line.acknowledge(this.picture.number);
      this.tell(this.picture);
    });
    if (this.still.matches && this.running) setTimeout(draw, 500);
    else draw();
  }

  /** @param {playground.World} world */
  enter(world) {
    this.world = world;
    // What has been asked for since, the host does not know yet.
    const since = this.unanswered.filter(({ serial }) => serial > world.serial).map(({ changes }) => changes);
    this.scenario = Object.assign({}, world.scenario, ...since, this.pending);
    this.line.opening = { scenario: this.scenario };
    const last = world.rows[world.rows.length - 1]?.step ?? 0;
    const foreign = remembered.session !== this.line.session;
    if (foreign || this.history.moments.some((moment) => moment.picture.step > last)) this.history.clear();
    remembered.session = this.line.session;
    if (this.came && this.came === this.line.session && last) this.offerAfresh(last);
    this.came = "";
    this.history.rows = world.rows.slice();
    this.at = null;
    this.stages.arrange(this.scenario.models, world.players);
    this.placeWords();
    this.refresh();
  }

  /** @param {playground.Event} event */
  hear(event) {
    if (event.kind === "saved") {
      const name = `genlab-playground-${this.scenario.data}-${this.picture?.step ?? 0}.json`;
      download(new Blob([event.document], { type: "application/json" }), name);
    } else if (event.kind === "host_died") this.offerToGoOn(event.step);
    else if (event.kind === "refused") {
      this.notice(`${event.message} ${event.hint}`);
      if (event.error === "full" || event.error === "broken") this.line.closed = true;
      else this.line.send("open", { scenario: this.scenario });
    } else if (event.kind === "elsewhere") {
      this.reachable = false;
      this.notice("This session continues in another tab.", ["Start one here", () => this.reopen()]);
    } else if (event.kind === "ended") {
      this.running = false;
      this.notice(`${event.message} ${event.hint}`, ["Restart", () => this.line.send("open", { scenario: this.scenario })]);
    } else if (event.kind === "gone" || event.kind === "dropped") {
      this.running = false;
      this.notice("The session was closed because nobody had used it for ten minutes.", ["Restart", () => this.line.send("open", { scenario: this.scenario })]);
    }
    this.refresh();
  }

  /** @param {number | null} step The one that has been kept. */
  offerToGoOn(step) {
    this.running = false;
    this.picture = null;
    /** @type {Offer} */
    const restart = ["Restart", () => this.line.send("open", { scenario: this.scenario })];
    /** @type {Offer} */
    const goOn = [`Continue from step ${count(step ?? 0)}`, () => this.line.send("open", { resume: true, scenario: this.scenario })];
    const lost = "The process that trains has ended unexpectedly; a new one takes its place.";
    if (step === null) this.notice(lost, restart);
    else this.notice(lost, goOn, restart);
  }

  /** @param {number} step */
  offerAfresh(step) {
    this.notice(`This is your session from before, at step ${count(step)}.`, ["Start afresh", () => this.startAfresh()], ["Go on with it", () => {}]);
  }

  /** The settings of a first visit, at the beginning. */
  startAfresh() {
    this.run(false);
    this.scene = remembered.scene = "";
    this.history.clear();
    this.set(this.component.data.defaults);
    this.flushPending();
    this.reset();
  }

  reopen() {
    this.notices.replaceChildren();
    this.line = this.opened();
    this.came = this.line.session;
    this.line.connect({ scenario: this.scenario });
  }

  /** @param {"open" | "lost"} state */
  noteLine(state) {
    this.reachable = state === "open";
    if (state === "lost") {
      this.running = false;
      this.notice("The connection to the server is lost. It is tried again until it answers.");
    } else this.notices.replaceChildren();
    this.refresh();
  }

  /** @param {string} text @param {...Offer} offers */
  notice(text, ...offers) {
    const buttons = offers.map(([label, act]) => make("button", { type: "button", onclick: () => { this.notices.replaceChildren(); act(); } }, label));
    if (!offers.length) buttons.push(make("button", { type: "button", "aria-label": "Close", onclick: () => this.notices.replaceChildren() }, "✕"));
    this.notices.replaceChildren(make("div", { className: "notice" }, make("span", {}, text), ...buttons));
  }

  // What the visitor does

  /** @param {playground.Changes} changes */
  set(changes) {
    this.scenario = { ...this.scenario, ...changes };
    Object.assign(this.pending, changes);
    this.began ??= performance.now();
    if (!this.timer) this.timer = setTimeout(() => this.flush(), performance.now() - this.flushed < 50 ? 50 : 0);
    this.refresh();
    this.keepSettings();
  }

  flush() {
    this.timer = 0;
    this.flushed = performance.now();
    const serial = this.line.send("set", { changes: this.pending });
    if (serial) {
      this.sent.set(serial, this.began ?? this.flushed);
      this.unanswered.push({ serial, changes: this.pending });
    }
    this.pending = {};
    this.began = null;
  }

  keepSettings() {
    clearTimeout(this.keeper);
    this.keeper = setTimeout(() => this.tellAddress(), 700);
  }

  tellAddress() {
    tell(this.scenario);
    this.component.setStateValue("settings", this.scenario);
  }

  /** @param {playground.Scene} scene */
  openScene(scene) {
    this.scene = remembered.scene = scene.name;
    this.history.clear();
    /** @type {playground.Changes} */
    const settings = { ...scene.settings };
    // What somebody has drawn stays.
    delete settings.drawn;
    this.set(settings);
    this.flush();
    this.reset();
    this.run(true);
  }

  /** The scene before (-1) or after (1) this one, round and round. @param {-1 | 1} by */
  otherScene(by) {
    const { scenes } = this.component.data, now = scenes.findIndex((each) => each.name === this.scene);
    const next = scenes[now < 0 ? (by > 0 ? 0 : scenes.length - 1) : (now + by + scenes.length) % scenes.length];
    if (next) this.openScene(next);
  }

  /** @param {string} name */
  pickData(name) {
    if (name === "drawn" && this.scenario.drawn.length < 3) this.openPen();
    else this.set({ data: name });
    this.refresh();
  }

  openPen() {
    openPen(this.element, theme(this.element), this.scenario.drawn, (drawn) => {
      this.set({ data: "drawn", drawn });
      this.run(true);
    });
  }

  /** @param {playground.Model} model */
  toggleModel(model) {
    const chosen = Object.keys(FAMILIES).filter((each) => this.scenario.models.includes(each) !== (each === model));
    if (chosen.length) this.set({ models: chosen });
  }

  /** @param {string} layer */
  toggleLayer(layer) {
    const { show } = this.scenario;
    this.set({ show: show.includes(layer) ? show.filter((each) => each !== layer) : [...show, layer] });
    this.redraw();
  }

  /** @param {boolean} on */
  run(on) {
    this.running = on;
    this.at = null;
    this.flushPending();
    this.line.send("run", { on });
    this.refresh();
  }

  /** @param {"" | "critic" | "maker"} player */
  step(player) {
    this.running = false;
    this.at = null;
    this.flushPending();
    this.line.send("step", { player });
    this.refresh();
  }

  reset() {
    this.flushPending();
    this.line.send("reset");
  }

  flushPending() {
    if (!this.timer) return;
    clearTimeout(this.timer);
    this.flush();
  }

  /** @param {File} file */
  async load(file) {
    if (file.size > LARGEST_FILE) {
      this.notice("This file is too large to be a saved playground. Choose one that this page saved.");
    } else if (!this.line.send("load", { document: await file.text() })) {
      this.notice("The server cannot be reached. Try again when it answers.");
    }
  }

  async gif() {
    const { world } = this, { gif } = this.bar;
    if (!world || this.history.moments.length < 2) {
      this.notice("There is nothing recorded yet. Run the models first.");
      return;
    }
    gif.disabled = true;
    await exportGif(this, { half: world.half, data: world.arrays.data, modes: world.modes }, (share) => {
      gif.textContent = share < 1 ? `GIF ${Math.round(100 * share)} %` : "GIF";
    });
    gif.disabled = false;
  }

  async copyLink() {
    this.tellAddress();
    await new Promise((resolve) => void setTimeout(resolve, 500));
    const address = window.location.href;
    if (await copy(address)) this.notice("The address is copied: it opens the playground with these settings.");
    else this.notice(`Copy the address from the browser's bar: ${address}`);
  }

  /** @param {number} step @param {boolean} end Whether to go back to now. */
  seek(step, end) {
    const { moments } = this.history;
    this.at = end || !moments.length ? null : this.history.nearest(step);
    this.redraw();
    this.refresh();
  }

  /** One recorded picture earlier (-1) or later (+1). @param {-1 | 1} by */
  browse(by) {
    const last = this.history.moments.length - 1;
    if (last < 0) return;
    const to = (this.at ?? last + (by < 0 ? 1 : 0)) + by;
    this.at = to > last ? null : Math.max(0, to);
    this.redraw();
    this.refresh();
  }

  // What is seen

  /** What is seen: now, or in the past. @returns {playground.Moment | null} */
  get moment() {
    if (this.at !== null && this.history.moments[this.at]) return this.history.moments[this.at];
    return this.picture ? { picture: this.picture, row: this.picture.row } : null;
  }

  refresh() {
    this.bar.show(this.scenario, this.running, this.scene, this.reachable, theme(this.element).dark);
    this.knobs.show(this.scenario);
    this.tellStory();
    this.now.hidden = this.at === null;
    this.words.where.textContent = this.line ? this.line.why : "";
  }

  tellStory() {
    this.story.show(this.component.data.scenes.find((each) => each.name === this.scene), (changes) => {
      this.set(changes);
      this.run(true);
    }, this.moment);
  }

  /** Beside the picture where one model leaves the room for it, else below. */
  placeWords() {
    const beside = dressed(this.element) || this.element.clientWidth > 1000 ? this.stages.beside : null;
    if (beside) beside.append(this.words.element);
    else this.stages.element.after(this.words.element);
  }

  redraw() {
    const { moment, world } = this;
    if (!moment || !world) return;
    const look = theme(this.element);
    const show = new Set(this.scenario.show);
    this.stages.draw(moment, { half: world.half, data: world.arrays.data }, show, look, this.scenario);
    const now = performance.now();
    if (this.at !== null || !this.running || now - this.worded > 250) {
      this.worded = now;
      this.timeline.draw(this.history.rows, world, this.scenario.models, moment.picture.step, this.at === null, look);
      this.stages.read(moment, world, look.scale > 1);
      this.words.show(this, world, moment);
      this.tellStory();
    }
    if (this.bar.running !== this.running) this.refresh();
  }

  /** For whoever measures: each drawn picture, and how long an answer to a turned knob took. @param {playground.Picture} picture */
  tell({ step, rate, serial: answered }) {
    const now = performance.now();
    const reactions = [...this.sent].filter(([serial]) => serial <= answered).map(([, began]) => now - began);
    for (const serial of this.sent.keys()) if (serial <= answered) this.sent.delete(serial);
    const detail = { step, rate, reactions };
    window.dispatchEvent(new CustomEvent("genlab-playground", { detail }));
  }
}
