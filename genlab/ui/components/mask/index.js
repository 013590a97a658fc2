// A mask on a picture: paint with pointer or finger, or with arrow keys and the space bar; Python hears when it is done.

import { css, rgb, theme } from "../colours.js";
import { brush, button, iconButton, make } from "../dom.js";
import { share } from "../numbers.js";
import { disc, pack, shareOf, stroke, unpack } from "./bits.js";

const SIDE = 336, UNDOS = 20, QUIET = 600;
/** @type {Record<string, Place>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** @type {WeakMap<Node, Mask>} */
const masks = new WeakMap();

/** @param {Component<mask.Data>} component */
export default function render(component) {
  const { data, parentElement } = component;
  const known = masks.get(parentElement);
  const shown = known ?? new Mask(/** @type {HTMLElement} */ (parentElement.querySelector(".mask")));
  if (!known) masks.set(parentElement, shown);
  shown.tell = (bits) => component.setStateValue("mask", { bits: pack(bits), height: data.height, width: data.width });
  shown.update(data);
  return () => {
    clearTimeout(shown.timer);
    masks.delete(parentElement);
  };
}

class Mask {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {(bits: Uint8Array) => void} */
    this.tell = () => {};
    /** @type {mask.Data} */
    this.data = { strip: "", items: 1, height: 1, width: 1, begin: "" };
    /** @type {Uint8Array} */
    this.bits = new Uint8Array(1);
    /** @type {Uint8Array[]} */
    this.before = [];
    /** @type {Place | null} */
    this.last = null;
    /** @type {Place} */
    this.cursor = [0, 0];
    this.keyed = false;
    this.known = "";
    /** What Python was told last. */
    this.told = "";
    this.item = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.strip = new Image();
    this.strip.onload = () => this.draw();
    const help = "Arrow keys move, the space bar paints, E erases, U undoes. With pointer or finger, just paint.";
    this.canvas = make("canvas", {
      tabIndex: 0,
      role: "application",
      "aria-label": "What is hidden of the picture",
      "aria-roledescription": "picture to paint on",
      "aria-description": help,
    });
    this.canvas.onpointerdown = (event) => this.begin(event);
    this.canvas.onpointermove = (event) => this.follow(event);
    this.canvas.onpointerup = this.canvas.onpointercancel = () => this.end();
    this.canvas.onkeydown = (event) => this.key(event);
    this.canvas.onfocus = () => this.draw();
    this.canvas.onblur = () => this.focusOut();
    this.size = make("input", { type: "range", min: 1, max: 9, step: 1, value: 4, "aria-label": "Width of the brush in pixels" });
    this.eraser = button("Erase", "Bring pixels back instead of hiding them (E)", () => this.erase(!this.erasing));
    this.eraser.setAttribute("aria-pressed", "false");
    this.undoes = iconButton("undo", "Undo the last stroke (U)", () => this.undo(), "Undo");
    this.clears = iconButton("close", "Show everything again", () => this.clear(), "Clear");
    this.other = iconButton("dice", "Paint on another item; the mask is the same for all", () => this.next(), "Other item");
    this.words = make("output", { "aria-live": "polite" });
    const tools = make("div", { className: "tools" },
      make("label", {}, make("span", { textContent: "Brush" }), this.size),
      this.eraser, this.undoes, this.clears, this.other, this.words,
      make("p", { textContent: help }));
    this.root.replaceChildren(this.canvas, tools);
  }

  get erasing() {
    return this.eraser.getAttribute("aria-pressed") === "true";
  }

  get radius() {
    return Number(this.size.value) / 2;
  }

  /** @param {mask.Data} data */
  update(data) {
    const { strip, items, height, width, begin } = data;
    const same = this.data.height === height && this.data.width === width;
    if (!same || begin !== this.known) {
      // What was just drawn comes back as what to begin with, and later strokes must survive that.
      if (!same || begin !== this.told) this.bits = unpack(begin, height * width);
      if (!same) this.cursor = [Math.floor(width / 2), Math.floor(height / 2)];
      this.before = same ? this.before : [];
      this.known = begin;
    }
    this.data = data;
    this.size.max = String(Math.max(3, Math.round(Math.max(height, width) / 3)));
    this.other.hidden = items < 2;
    this.item = Math.min(this.item, items - 1);
    if (this.strip.getAttribute("src") !== strip) this.strip.src = strip;
    this.draw();
  }

  draw() {
    const { canvas } = this, { height, width, items } = this.data;
    const scale = Math.max(1, Math.floor(SIDE / Math.max(height, width)));
    if (canvas.width !== width * scale || canvas.height !== height * scale) {
      Object.assign(canvas, { width: width * scale, height: height * scale });
    }
    const context = brush(canvas), wide = this.strip.naturalWidth / items;
    context.imageSmoothingEnabled = false;
    context.clearRect(0, 0, canvas.width, canvas.height);
    if (wide) context.drawImage(this.strip, this.item * wide, 0, wide, this.strip.naturalHeight, 0, 0, canvas.width, canvas.height);
    const accent = getComputedStyle(this.root).getPropertyValue("--st-primary-color").trim() || "#4a4fbf";
    context.fillStyle = css(rgb(accent), 0.82);
    this.bits.forEach((bit, place) => {
      if (bit) context.fillRect((place % width) * scale, Math.floor(place / width) * scale, scale, scale);
    });
    if (this.keyed) this.outline(context, scale);
    this.say();
  }

  /**
   * Where the keys are.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {number} scale
   */
  outline(context, scale) {
    const [x, y] = this.cursor, radius = Math.max(0.5, this.radius);
    for (const [colour, line] of /** @type {[string, number][]} */ ([[theme(this.root).ground, 4], [theme(this.root).text, 2]])) {
      context.strokeStyle = colour;
      context.lineWidth = line;
      context.beginPath();
      context.arc((x + 0.5) * scale, (y + 0.5) * scale, radius * scale, 0, 2 * Math.PI);
      context.stroke();
    }
  }

  say(where = "") {
    const hidden = shareOf(this.bits);
    const words = hidden ? `${share(hidden)} hidden` : "Nothing is hidden";
    this.words.textContent = where ? `${where}. ${words}` : words;
    this.undoes.disabled = !this.before.length;
    this.clears.disabled = !hidden;
  }

  /** @param {PointerEvent} event @returns {Place} */
  place(event) {
    const box = this.canvas.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * this.data.width;
    const y = ((event.clientY - box.top) / box.height) * this.data.height;
    return [x, y];
  }

  remember() {
    this.before = [...this.before.slice(1 - UNDOS), this.bits.slice()];
  }

  /** @param {PointerEvent} event */
  begin(event) {
    if (event.button) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.remember();
    this.keyed = false;
    this.last = this.place(event);
    disc(this.bits, this.data, this.last, this.radius, this.erasing ? 0 : 1);
    this.draw();
  }

  /** @param {PointerEvent} event */
  follow(event) {
    if (!this.last) return;
    const here = this.place(event);
    stroke(this.bits, this.data, this.last, here, this.radius, this.erasing ? 0 : 1);
    this.last = here;
    this.draw();
  }

  end() {
    if (!this.last) return;
    this.last = null;
    this.send(0);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = ARROWS[event.key], letter = event.key.toLowerCase();
    if (step) this.move(step);
    else if (event.key === " ") this.paint();
    else if (letter === "e") this.erase(!this.erasing);
    else if (letter === "u") this.undo();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {Place} step */
  move([dx, dy]) {
    const { height, width } = this.data, [x, y] = this.cursor;
    this.keyed = true;
    this.cursor = [Math.min(width - 1, Math.max(0, x + dx)), Math.min(height - 1, Math.max(0, y + dy))];
    this.draw();
    this.say(`Row ${this.cursor[1] + 1}, column ${this.cursor[0] + 1}`);
  }

  paint() {
    this.keyed = true;
    this.remember();
    disc(this.bits, this.data, [this.cursor[0] + 0.5, this.cursor[1] + 0.5], this.radius, this.erasing ? 0 : 1);
    this.draw();
    this.send(QUIET);
  }

  focusOut() {
    this.keyed = false;
    this.draw();
  }

  /** @param {boolean} on */
  erase(on) {
    this.eraser.setAttribute("aria-pressed", String(on));
  }

  undo() {
    const bits = this.before.pop();
    if (!bits) return;
    this.bits = bits;
    this.draw();
    this.send(QUIET);
  }

  clear() {
    this.remember();
    this.bits = new Uint8Array(this.bits.length);
    this.draw();
    this.send(0);
  }

  next() {
    this.item = (this.item + 1) % this.data.items;
    this.draw();
  }

  /**
   * Tell Python, once nothing has changed for a while.
   *
   * @param {number} quiet Milliseconds.
   */
  send(quiet) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.told = pack(this.bits);
      this.tell(this.bits);
    }, quiet);
  }
}
