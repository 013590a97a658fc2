// One map: points, what is under the pointer, selecting by lasso and box, and everything by keyboard as well.

import { calm, fitCanvas, make } from "../dom.js";
import { css } from "../colours.js";
import { Grid, View, boxOf, inside, step, thinned } from "./places.js";
import { Overlay } from "./overlay.js";
import { Scatter } from "./scatter.js";

const REACH = 14;
const MOVE_SECONDS = 0.7;

export class MapPanel {
  /**
   * @param exploration Its points.
   * @param on Callbacks: hover(index), pick(index), place([x, y]), select(indices, mode), tool(name), walk().
   */
  constructor(exploration, on) {
    Object.assign(this, { exploration, on, view: new View(), tool: "pan", focus: -1, hovered: -1, picked: -1, frame: 0 });
    this.hidden = new Uint8Array(exploration.n);
    this.kinds = new Uint8Array(exploration.n);
    this.chosen = 0;
    this.build();
    this.resize = new ResizeObserver(() => this.measure());
    this.resize.observe(this.stage);
  }

  build() {
    this.backdrop = make("canvas", { className: "backdrop", "aria-hidden": "true" });
    this.points = make("canvas", { className: "points", "aria-hidden": "true" });
    this.over = make("canvas", { className: "over", "aria-hidden": "true" });
    this.marker = make("div", { className: "marker", hidden: true, "aria-hidden": "true" });
    this.live = make("div", { className: "unseen", role: "status", "aria-live": "polite" });
    this.stage = make(
      "div",
      { className: "stage", tabIndex: 0, role: "application", dataset: { tool: "pan" } },
      this.backdrop, this.points, this.over, this.marker,
    );
    this.name();
    this.element = make("div", { className: "map" }, this.stage, this.live);
    this.scatter = Scatter.on(this.points);
    this.scatter.onrestored = () => this.draw();
    this.overlay = new Overlay(this);
    this.pointers = new Map();
    this.stage.onpointerdown = (event) => this.down(event);
    this.stage.onpointermove = (event) => this.move(event);
    this.stage.onpointerup = (event) => this.up(event);
    this.stage.onpointercancel = (event) => this.up(event, true);
    this.stage.onpointerleave = () => this.hover(-1);
    this.stage.onkeydown = (event) => this.key(event);
    this.stage.ondblclick = () => this.home();
    this.stage.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  name() {
    const { n, title } = this.exploration, some = this.chosen ? ` ${this.chosen.toLocaleString("en")} selected.` : "";
    this.stage.setAttribute(
      "aria-label",
      `Map of ${n.toLocaleString("en")} codes of ${title}.${some} Arrow keys step to the nearest item, Enter decodes it, ` +
        "space selects it, L is lasso, B box, plus and minus zoom, 0 shows all, W adds to the walk.",
    );
  }

  measure() {
    const { width, height } = this.stage.getBoundingClientRect();
    if (width < 2 || height < 2) return;
    Object.assign(this.view, { width, height });
    for (const canvas of [this.points, this.over]) this.dpr = fitCanvas(canvas, width, height);
    this.draw(true);
  }

  // What is shown

  /** Show a projection; points glide there from where they are, unless motion is unwelcome. */
  async project(name) {
    const places = await this.exploration.places(name);
    const from = this.places;
    this.projection = name;
    this.places = places;
    this.grid = new Grid(places);
    this.overlay.forget();
    this.scatter.setPlaces(places, from || places);
    if (from && from !== places && !calm()) this.glide();
    else this.draw();
  }

  glide() {
    const began = performance.now();
    const next = () => {
      const t = Math.min(1, (performance.now() - began) / 1000 / MOVE_SECONDS);
      this.scatter.share = t * t * (3 - 2 * t);
      this.draw(true);
      if (t < 1) requestAnimationFrame(next);
    };
    next();
  }

  /** Colours [n, 4] of the points; those with alpha 0 are hidden and cannot be pointed at. */
  colour(colours) {
    for (let i = 0; i < this.hidden.length; i++) this.hidden[i] = colours[4 * i + 3] ? 0 : 1;
    this.colours = colours;
    this.scatter.setColours(colours);
    this.draw();
  }

  /** Which items are selected, one flag each. */
  select(flags) {
    const { start, stop } = this.exploration.data;
    let chosen = 0;
    for (let i = 0; i < flags.length; i++) {
      chosen += flags[i];
      this.kinds[i] = flags[i] | (i >= start && i < stop ? 0 : 2);
    }
    this.chosen = chosen;
    this.flags = flags;
    this.scatter.setKinds(this.kinds);
    this.name();
    this.draw();
  }

  get pointSize() {
    const room = Math.sqrt((this.view.width * this.view.height) / Math.max(1, this.exploration.n));
    return Math.max(2.6, Math.min(9, 0.62 * room)) * Math.min(3, this.view.zoom ** 0.35);
  }

  /** Draw soon, once however often it is asked; `now` draws at once. */
  draw(now = false) {
    const paint = () => {
      this.frame = 0;
      if (!this.places || this.view.width < 2) return;
      this.scatter.draw(this.view.clip(), this.pointSize * this.dpr, this.chosen > 0);
      this.overlay.draw();
    };
    if (now) {
      cancelAnimationFrame(this.frame);
      paint();
    } else if (!this.frame) this.frame = requestAnimationFrame(paint);
  }

  /** Only what lies above the points has changed. */
  drawOver() {
    this.overFrame ||= requestAnimationFrame(() => {
      this.overFrame = 0;
      if (this.places) this.overlay.draw();
    });
  }

  visible = (i) => !this.hidden[i];

  // Pointer

  at(event) {
    const box = this.stage.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  near(px, py) {
    if (!this.grid) return -1;
    return this.grid.nearest(...this.view.toPlace(px, py), REACH / this.view.unit, this.visible);
  }

  hover(index) {
    if (index === this.hovered) return;
    this.hovered = index;
    this.on.hover(index);
    this.drawOver();
  }

  down(event) {
    if (event.button > 0) return;
    this.stage.focus({ preventScroll: true });
    try { this.stage.setPointerCapture(event.pointerId); } catch { /* the pointer has gone already */ }
    const place = this.at(event);
    this.pointers.set(event.pointerId, place);
    const drawing = this.tool === "lasso" || this.tool === "box" || (this.tool === "pan" && event.shiftKey);
    this.drag = { start: place, last: place, moved: false, add: event.shiftKey, without: event.altKey };
    if (drawing) this.drag.path = [place];
  }

  move(event) {
    const place = this.at(event);
    if (this.pointers.has(event.pointerId)) {
      if (this.pointers.size === 2) return this.pinch(event.pointerId, place);
      this.pointers.set(event.pointerId, place);
    }
    const { drag } = this;
    if (!drag) return this.hover(this.near(...place));
    const dx = place[0] - drag.last[0], dy = place[1] - drag.last[1];
    drag.moved ||= Math.hypot(place[0] - drag.start[0], place[1] - drag.start[1]) > 4;
    drag.last = place;
    if (!drag.moved) return;
    this.hover(-1);
    if (drag.path) {
      for (const each of event.getCoalescedEvents?.() || []) drag.path.push(this.at(each));
      drag.path.push(place);
      this.drawOver();
    } else {
      this.view.move(dx, dy);
      this.draw();
    }
  }

  /** Two fingers: zoom about their middle. */
  pinch(id, place) {
    const [other] = [...this.pointers.entries()].filter(([key]) => key !== id).map(([, at]) => at);
    const before = this.pointers.get(id), far = (p) => Math.hypot(p[0] - other[0], p[1] - other[1]) || 1;
    this.pointers.set(id, place);
    this.view.zoomAt((place[0] + other[0]) / 2, (place[1] + other[1]) / 2, far(place) / far(before));
    this.drag = null;
    this.draw();
  }

  up(event, cancelled = false) {
    this.pointers.delete(event.pointerId);
    const { drag } = this;
    this.drag = null;
    if (!drag || cancelled) return this.drawOver();
    if (drag.path && drag.moved) return this.close(drag);
    if (drag.moved) return;
    const index = this.near(...drag.start);
    if (drag.path && index >= 0) return this.on.select([index], drag.without ? "remove" : "toggle");
    if (drag.path) return this.drawOver();
    if (index >= 0) this.pick(index);
    else this.on.place(this.view.toPlace(...drag.start));
  }

  /** The shape is complete: select what is inside. */
  close(drag) {
    const polygon = (this.tool === "box" ? boxOf(drag) : thinned(drag.path, 2)).map((p) => this.view.toPlace(...p));
    const found = [];
    inside(this.places, polygon, this.visible, (i) => found.push(i));
    this.on.select(found, drag.without ? "remove" : drag.add ? "add" : "only");
    this.drawOver();
  }

  wheel(event) {
    event.preventDefault();
    const size = event.deltaMode === 1 ? 16 : 1;
    this.view.zoomAt(...this.at(event), Math.exp(-Math.max(-160, Math.min(160, event.deltaY * size)) * 0.0022));
    this.draw();
  }

  // Keyboard

  key(event) {
    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const acts = {
      Enter: () => this.focus >= 0 && this.pick(this.focus),
      " ": () => this.focus >= 0 && this.on.select([this.focus], "toggle"),
      Escape: () => (this.drag ? ((this.drag = null), this.drawOver()) : this.on.select([], "only")),
      l: () => this.on.tool("lasso"),
      b: () => this.on.tool("box"),
      p: () => this.on.tool("pan"),
      w: () => this.on.walk(),
      "+": () => this.zoomBy(1.4),
      "=": () => this.zoomBy(1.4),
      "-": () => this.zoomBy(1 / 1.4),
      0: () => this.home(),
    };
    if (event.ctrlKey || event.metaKey) return;
    const act = arrows[event.key] ? () => this.stepTo(...arrows[event.key]) : acts[event.key];
    if (!act || !this.places) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  stepTo(dx, dy) {
    const from = this.focus >= 0 && this.visible(this.focus) ? this.focus : this.middle();
    if (from < 0) return;
    const next = this.focus < 0 ? from : step(this.places, from, dx, dy, this.visible);
    if (next < 0) return;
    this.focus = next;
    const [x, y] = this.view.toScreen(this.places[2 * next], this.places[2 * next + 1]);
    if (x < 20 || y < 20 || x > this.view.width - 20 || y > this.view.height - 20) {
      Object.assign(this.view, { x: this.places[2 * next], y: this.places[2 * next + 1] });
      this.draw();
    }
    this.hover(next);
  }

  /** The visible item nearest to the middle of the view. */
  middle() {
    return this.grid.nearest(this.view.x, this.view.y, 2, this.visible);
  }

  pick(index) {
    this.focus = index;
    this.on.pick(index);
  }

  zoomBy(factor) {
    this.view.zoomAt(this.view.width / 2, this.view.height / 2, factor);
    this.draw();
  }

  home() {
    this.view.reset();
    this.draw();
  }

  use(tool) {
    this.tool = tool;
    this.stage.dataset.tool = tool;
  }

  /** Colour of an item's point as CSS. */
  ink(index, alpha = 1) {
    return this.colours ? css(this.colours.subarray(4 * index, 4 * index + 3), alpha) : "currentColor";
  }

  destroy() {
    this.resize.disconnect();
    this.scatter.destroy();
  }
}
