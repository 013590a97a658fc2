// One map: points, what is under the pointer, selecting by lasso and box, and everything by keyboard as well.

import { calm, fitCanvas, make } from "../dom.js";
import { Overlay } from "./overlay.js";
import { Grid, View, boxOf, inside, placeOf, step, thinned } from "./places.js";
import { Scatter } from "./scatter.js";

const REACH = 14;
const MOVE_SECONDS = 0.7;

/**
 * What a map calls, with indices of its items.
 *
 * @typedef {object} Acts
 * @property {(index: number) => void} hover
 * @property {(index: number) => void} pick
 * @property {(at: Place) => void} place A click where there is no item.
 * @property {(indices: number[], mode: explorer.Mode) => void} select
 * @property {(name: explorer.Tool) => void} tool
 * @property {() => void} walk
 */

/** @implements {explorer.Panel} */
export class MapPanel {
  /**
   * @param {explorer.Exploration} exploration Its points.
   * @param {Acts} on
   */
  constructor(exploration, on) {
    this.exploration = exploration;
    this.on = on;
    this.view = new View();
    /** @type {explorer.Tool} */
    this.tool = "pan";
    this.focus = this.hovered = this.picked = -1;
    this.frame = this.overFrame = 0;
    this.dpr = 1;
    this.chosen = 0;
    /** @type {Uint8Array} */
    this.flags = new Uint8Array(exploration.n);
    this.hidden = new Uint8Array(exploration.n);
    this.kinds = new Uint8Array(exploration.n);
    /** @type {Uint8Array | null} */
    this.colours = null;
    /** @type {explorer.Category | null} */
    this.category = null;
    /** Takes latents to places, where the projection is linear. @type {latents.Affine | null} */
    this.affine = null;
    this.projection = "";
    /** Places [n, 2] of the items, and a grid over them. @type {Float32Array | null} */
    this.places = null;
    /** @type {Grid | null} */
    this.grid = null;
    /** @type {explorer.Drag | null} */
    this.drag = null;
    /** Pointers that are down, and where. @type {Map<number, Place>} */
    this.pointers = new Map();
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
    this.element = make("div", { className: "map" }, this.stage, this.live);
    this.scatter = Scatter.on(this.points);
    this.scatter.onrestored = () => this.draw();
    this.overlay = new Overlay(this);
    this.name();
    this.listen();
    this.resize = new ResizeObserver(() => this.measure());
    this.resize.observe(this.stage);
  }

  listen() {
    this.stage.onpointerdown = (event) => this.down(event);
    this.stage.onpointermove = (event) => this.move(event);
    this.stage.onpointerup = (event) => this.up(event);
    this.stage.onpointercancel = (event) => this.up(event, true);
    this.stage.onpointerleave = () => this.hover(-1);
    this.stage.onkeydown = (event) => this.key(event);
    this.stage.ondblclick = () => this.home();
    this.stage.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  /** Say what it is for screen readers. */
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

  /** Show a projection; points glide there from where they are, unless motion is unwelcome. @param {string} name */
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

  /** Colours [n, 4] of the points; those with alpha 0 are hidden and cannot be pointed at. @param {Uint8Array} colours */
  colour(colours) {
    for (let i = 0; i < this.hidden.length; i++) this.hidden[i] = colours[4 * i + 3] ? 0 : 1;
    this.colours = colours;
    this.scatter.setColours(colours);
    this.draw();
  }

  /** Which items are selected, one flag each. @param {Uint8Array} flags */
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

  /** @param {number} index */
  visible = (index) => !this.hidden[index];

  // Pointer

  /** @param {MouseEvent} event @returns {Place} */
  at(event) {
    const box = this.stage.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  /** The visible item at a pixel, or -1. @param {Place} pixel */
  near(pixel) {
    if (!this.grid) return -1;
    return this.grid.nearest(...this.view.toPlace(...pixel), REACH / this.view.unit, this.visible);
  }

  /** @param {number} index */
  hover(index) {
    if (index === this.hovered) return;
    this.hovered = index;
    this.on.hover(index);
    this.drawOver();
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (event.button > 0) return;
    this.stage.focus({ preventScroll: true });
    try { this.stage.setPointerCapture(event.pointerId); } catch { /* the pointer has gone already */ }
    const place = this.at(event);
    this.pointers.set(event.pointerId, place);
    const drawing = this.tool === "lasso" || this.tool === "box" || (this.tool === "pan" && event.shiftKey);
    const path = drawing ? [place] : null;
    this.drag = { start: place, last: place, moved: false, add: event.shiftKey, without: event.altKey, path };
  }

  /** @param {PointerEvent} event */
  move(event) {
    const place = this.at(event);
    if (this.pointers.has(event.pointerId)) {
      if (this.pointers.size === 2) return this.pinch(event.pointerId, place);
      this.pointers.set(event.pointerId, place);
    }
    const { drag } = this;
    if (!drag) return this.hover(this.near(place));
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

  /** Two fingers: zoom about their middle. @param {number} id @param {Place} place */
  pinch(id, place) {
    const [other] = [...this.pointers.entries()].filter(([key]) => key !== id).map(([, at]) => at);
    const before = this.pointers.get(id) ?? place;
    /** @param {Place} p */
    const far = (p) => Math.hypot(p[0] - other[0], p[1] - other[1]) || 1;
    this.pointers.set(id, place);
    this.view.zoomAt((place[0] + other[0]) / 2, (place[1] + other[1]) / 2, far(place) / far(before));
    this.drag = null;
    this.draw();
  }

  /** @param {PointerEvent} event */
  up(event, cancelled = false) {
    this.pointers.delete(event.pointerId);
    const { drag } = this;
    this.drag = null;
    if (!drag || cancelled) return this.drawOver();
    if (drag.path && drag.moved) return this.close(drag, drag.path);
    if (drag.moved) return;
    const index = this.near(drag.start);
    if (drag.path && index >= 0) return this.on.select([index], drag.without ? "remove" : "toggle");
    if (drag.path) return this.drawOver();
    if (index >= 0) this.pick(index);
    else this.on.place(this.view.toPlace(...drag.start));
  }

  /**
   * The shape is complete: select what is inside.
   *
   * @param {explorer.Drag} drag
   * @param {Place[]} path
   */
  close(drag, path) {
    if (!this.places) return;
    const polygon = (this.tool === "box" ? boxOf(drag) : thinned(path, 2)).map((p) => this.view.toPlace(...p));
    /** @type {number[]} */
    const found = [];
    inside(this.places, polygon, this.visible, (i) => found.push(i));
    this.on.select(found, drag.without ? "remove" : drag.add ? "add" : "only");
    this.drawOver();
  }

  /** @param {WheelEvent} event */
  wheel(event) {
    event.preventDefault();
    const size = event.deltaMode === 1 ? 16 : 1;
    this.view.zoomAt(...this.at(event), Math.exp(-Math.max(-160, Math.min(160, event.deltaY * size)) * 0.0022));
    this.draw();
  }

  // Keyboard

  /** @param {KeyboardEvent} event */
  key(event) {
    /** @type {Record<string, [dx: number, dy: number]>} */
    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    /** @type {Record<string, () => void>} */
    const acts = {
      Enter: () => { if (this.focus >= 0) this.pick(this.focus); },
      " ": () => { if (this.focus >= 0) this.on.select([this.focus], "toggle"); },
      Escape: () => this.escape(),
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

  /** Leave the shape that is being drawn, or the selection. */
  escape() {
    if (!this.drag) return this.on.select([], "only");
    this.drag = null;
    this.drawOver();
  }

  /** To the nearest item in a direction. @param {number} dx @param {number} dy */
  stepTo(dx, dy) {
    const { places } = this;
    if (!places) return;
    const from = this.focus >= 0 && this.visible(this.focus) ? this.focus : this.middle();
    if (from < 0) return;
    const next = this.focus < 0 ? from : step(places, from, dx, dy, this.visible);
    if (next < 0) return;
    this.focus = next;
    const place = placeOf(places, next), [x, y] = this.view.toScreen(...place);
    if (x < 20 || y < 20 || x > this.view.width - 20 || y > this.view.height - 20) {
      Object.assign(this.view, { x: place[0], y: place[1] });
      this.draw();
    }
    this.hover(next);
  }

  /** The visible item nearest to the middle of the view. */
  middle() {
    return this.grid ? this.grid.nearest(this.view.x, this.view.y, 2, this.visible) : -1;
  }

  /** @param {number} index */
  pick(index) {
    this.focus = index;
    this.on.pick(index);
  }

  /** @param {number} factor */
  zoomBy(factor) {
    this.view.zoomAt(this.view.width / 2, this.view.height / 2, factor);
    this.draw();
  }

  home() {
    this.view.reset();
    this.draw();
  }

  /** @param {explorer.Tool} tool */
  use(tool) {
    this.tool = tool;
    this.stage.dataset.tool = tool;
  }

  destroy() {
    this.resize.disconnect();
    this.scatter.destroy();
  }
}
