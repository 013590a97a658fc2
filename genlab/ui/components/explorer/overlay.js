// What lies above and below a map's points: shapes being drawn, rings, names of classes, groups, walks, the manifold.

import { brush, fresh, paintAt } from "../dom.js";
import { largeness } from "../hall.js";
import { hull, invertAffine } from "../maths.js";
import { boxOf, placeOf } from "./places.js";

const MOST_NAMES = 24;
const BACKDROP = 24;

export class Overlay {
  /** @param {import("./map.js").MapPanel} panel */
  constructor(panel) {
    this.panel = panel;
    /** @type {(explorer.Group & { hull: Place[] | null })[]} */
    this.groups = [];
    /** @type {explorer.Trail} */
    this.walk = {};
    /** Where the latent is, if it has a place of its own and is no item. @type {Place | null} */
    this.latent = null;
    this.nearest = this.other = -1;
    /** Where names of categories stand. @type {ReturnType<typeof medians> | null} */
    this.names = null;
    /** @type {OffscreenCanvas | null} */
    this.manifold = null;
    this.ink = this.font = "";
    /** How many times as large letters, and as thick lines, are as at a desk. */
    this.scale = this.line = 1;
    this.ground = "#fff";
    this.accent = "#4a4fbf";
  }

  /** The projection has changed: what was worked out for the old one is void. */
  forget() {
    this.names = null;
    for (const group of this.groups) group.hull = null;
    this.manifold = null;
  }

  /** @param {explorer.Group[]} groups */
  setGroups(groups) {
    this.groups = groups.map((group) => ({ ...group, hull: null }));
    this.panel.drawOver();
  }

  draw() {
    const { panel } = this, { view, over, dpr } = panel;
    const context = brush(over);
    context.setTransform(dpr, 0, 0, dpr, 0, 0);
    context.clearRect(0, 0, view.width, view.height);
    const style = getComputedStyle(panel.stage);
    this.ink = style.color;
    this.ground = style.getPropertyValue("--ground") || "#fff";
    this.accent = style.getPropertyValue("--accent") || "#4a4fbf";
    this.font = style.fontFamily;
    Object.assign(this, largeness(panel.stage));
    this.drawManifold();
    this.placeMarker();
    for (const group of this.groups) this.drawGroup(context, group);
    this.drawNames(context);
    this.drawWalk(context);
    this.drawRings(context);
    this.drawShape(context);
  }

  /**
   * @param {Context} context
   * @param {string} words
   * @param {number} x
   * @param {number} y
   */
  text(context, words, x, y) {
    context.lineWidth = 3.5 * this.scale;
    context.lineJoin = "round";
    context.strokeStyle = this.ground;
    context.strokeText(words, x, y);
    context.fillStyle = this.ink;
    context.fillText(words, x, y);
  }

  /** @param {Context} context @param {Overlay["groups"][number]} group */
  drawGroup(context, group) {
    const { places, view } = this.panel;
    if (!places) return;
    const around = (group.hull ??= outline(places, group.flags));
    if (around.length < 2) return;
    const corners = around.map((corner) => view.toScreen(...corner));
    context.beginPath();
    corners.forEach(([x, y]) => context.lineTo(x, y));
    context.closePath();
    context.setLineDash([6, 4]);
    context.lineWidth = 1.5 * this.line;
    context.strokeStyle = this.ink;
    context.stroke();
    context.setLineDash([]);
    const top = corners.reduce((a, b) => (b[1] < a[1] ? b : a));
    context.font = `600 ${12 * this.scale}px ${this.font}`;
    context.textAlign = "center";
    context.textBaseline = "bottom";
    this.text(context, group.name, top[0], top[1] - 5);
  }

  /** Names of categories at the median of their points: colour is not the only way to tell them apart. @param {Context} context */
  drawNames(context) {
    const { category, places } = this.panel;
    if (!category || !places || category.names.length > MOST_NAMES || this.panel.scatter.share < 1) return;
    this.names ??= medians(places, category);
    context.font = `650 ${13 * this.scale}px ${this.font}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    /** @type {Place[]} */
    const taken = [];
    for (const { index, x, y } of this.names) {
      const at = this.panel.view.toScreen(x, y);
      if (category.hidden.has(index) || taken.some((each) => Math.hypot(each[0] - at[0], each[1] - at[1]) < 15 * this.scale)) continue;
      taken.push(at);
      this.text(context, category.names[index], ...at);
    }
  }

  /**
   * @param {Context} context
   * @param {number} index
   * @param {number} radius
   * @param {string} colour
   */
  ring(context, index, radius, colour, width = 2) {
    const { places, view } = this.panel;
    if (index < 0 || !places) return;
    const [x, y] = view.toScreen(...placeOf(places, index));
    for (const line of [{ width: width + 2.5, colour: this.ground }, { width, colour }]) {
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.lineWidth = line.width * this.line;
      context.strokeStyle = line.colour;
      context.stroke();
    }
  }

  /** @param {Context} context */
  drawRings(context) {
    const { panel } = this, radius = Math.max(6, panel.pointSize / 2 + 3);
    if (panel.picked < 0 && !this.latent) this.ring(context, this.nearest, radius, this.accent, 1.5);
    this.ring(context, panel.picked, radius + 1, this.accent, 2.5);
    this.ring(context, this.other, radius, this.ink);
    this.ring(context, panel.hovered, radius, this.ink);
  }

  /** The present latent, where it has a place of its own; an element, so that following the hand redraws no map. */
  placeMarker() {
    const { marker, view } = this.panel;
    marker.hidden = !this.latent;
    if (!this.latent) return;
    const [x, y] = view.toScreen(...this.latent);
    marker.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
  }

  /** The walk: lines where latents have a place of their own, else only its points. @param {Context} context */
  drawWalk(context) {
    const { view } = this.panel;
    for (const { path, dash } of this.walk.lines || []) {
      context.beginPath();
      path.forEach((point) => context.lineTo(...view.toScreen(...point)));
      context.setLineDash(dash);
      context.lineWidth = 2 * this.line;
      context.strokeStyle = this.accent;
      context.stroke();
      context.setLineDash([]);
    }
    context.font = `700 ${11 * this.scale}px ${this.font}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    (this.walk.stops || []).forEach((point, i) => {
      if (!point) return;
      const [x, y] = view.toScreen(...point);
      context.beginPath();
      context.arc(x, y, 9 * this.scale, 0, 2 * Math.PI);
      context.fillStyle = this.accent;
      context.fill();
      context.lineWidth = 2;
      context.strokeStyle = this.ground;
      context.stroke();
      context.fillStyle = "#fff";
      context.fillText(String(i + 1), x, y + 0.5);
    });
    if (this.walk.head) {
      const [x, y] = view.toScreen(...this.walk.head);
      context.beginPath();
      context.arc(x, y, 4.5 * this.scale, 0, 2 * Math.PI);
      context.fillStyle = this.ink;
      context.fill();
    }
  }

  /** The shape that is being drawn to select what is inside. @param {Context} context */
  drawShape(context) {
    const { drag, tool } = this.panel;
    if (!drag?.path || !drag.moved) return;
    context.beginPath();
    (tool === "box" ? boxOf(drag) : drag.path).forEach(([x, y]) => context.lineTo(x, y));
    context.closePath();
    context.globalAlpha = 0.12;
    context.fillStyle = this.accent;
    context.fill("evenodd");
    context.globalAlpha = 1;
    context.lineWidth = 1.5;
    context.strokeStyle = this.accent;
    context.stroke();
  }

  // The manifold of a two-dimensional latent space

  /**
   * Decode a grid of latents and lay it under the points.
   *
   * @param {explorer.Steer} steer
   * @param {latents.Affine} affine Takes latents to places.
   */
  showManifold(steer, affine) {
    if (steer.exploration.dim !== 2) return;
    const [, height, width] = steer.exploration.shape;
    const list = [];
    /** @param {number} i */
    const at = (i) => -1 + (2 * (i + 0.5)) / BACKDROP;
    for (let row = 0; row < BACKDROP; row++) {
      for (let column = 0; column < BACKDROP; column++) {
        list.push(invertAffine(affine, at(column), -at(row)));
      }
    }
    const sheet = new OffscreenCanvas(BACKDROP * width, BACKDROP * height), context = brush(sheet);
    this.manifold = sheet;
    steer.pump.ask("backdrop", list, steer.label, (pixels, first, count) => {
      for (let i = 0; i < count; i++) {
        const place = first + i;
        const x = (place % BACKDROP) * width, y = Math.floor(place / BACKDROP) * height;
        paintAt(context, pixels, steer.exploration.shape, i, x, y, width, height);
      }
      this.panel.drawOver();
    });
  }

  drawManifold() {
    const { manifold } = this, { backdrop, view } = this.panel;
    backdrop.hidden = !manifold;
    if (!manifold) return;
    const context = fresh(backdrop, view.width, view.height);
    const [x, y] = view.toScreen(-1, 1), side = 2 * view.unit;
    context.imageSmoothingEnabled = side < manifold.width;
    context.drawImage(manifold, x, y, side, side);
  }
}

/**
 * The hull of a group without the twentieth of it that lies farthest out.
 *
 * @param {Float32Array} places
 * @param {Uint8Array} flags
 */
function outline(places, flags) {
  /** @type {Place[]} */
  const points = [];
  for (let i = 0; i < flags.length; i++) if (flags[i]) points.push(placeOf(places, i));
  if (points.length < 2) return points;
  /** @param {0 | 1} axis */
  const middle = (axis) => points.map((p) => p[axis]).sort((a, b) => a - b)[points.length >> 1];
  const cx = middle(0), cy = middle(1);
  /** @param {Place} p */
  const far = (p) => (p[0] - cx) ** 2 + (p[1] - cy) ** 2;
  points.sort((p, q) => far(p) - far(q));
  return hull(points.slice(0, Math.max(2, Math.ceil(points.length * 0.95))));
}

/**
 * The median place of each category that has points.
 *
 * @param {Float32Array} places
 * @param {explorer.Category} category
 */
function medians(places, { values, names }) {
  const found = names.map(() => ({ xs: /** @type {number[]} */ ([]), ys: /** @type {number[]} */ ([]) }));
  for (let i = 0; i < values.length; i++) {
    const each = found[values[i]];
    if (each) { each.xs.push(places[2 * i]); each.ys.push(places[2 * i + 1]); }
  }
  /** @param {number[]} list */
  const middle = (list) => Float32Array.from(list).sort()[list.length >> 1];
  return found
    .map(({ xs, ys }, index) => ({ index, count: xs.length, x: middle(xs), y: middle(ys) }))
    .filter((each) => each.count);
}
