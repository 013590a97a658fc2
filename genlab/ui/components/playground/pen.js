// A sheet to draw a distribution on: strokes of the pointer become points; keys move and press a pen as well.

import { fresh, make } from "../dom.js";

const SIDE = 360;
const APART = 5;
const MOST = 256;

/** @type {Record<string, [dx: number, dy: number]>} */
const MOVES = { ArrowLeft: [-8, 0], ArrowRight: [8, 0], ArrowUp: [0, 8], ArrowDown: [0, -8] };

/** A coordinate on the sheet, 0 to 255. @param {number} value */
const inside = (value) => Math.max(0, Math.min(255, Math.round(value)));

/**
 * @param {HTMLElement} root Where the dialog is put.
 * @param {Theme} look
 * @param {Place[]} start Points that are there, 0 to 255 from lower left.
 * @param {(points: Place[]) => void} onDone
 */
export function openPen(root, look, start, onDone) {
  const sheet = new Sheet(look, start);
  const dialog = make("dialog", { className: "pen", "aria-label": "Draw a distribution" });
  const close = () => {
    dialog.close();
    dialog.remove();
  };
  sheet.done.onclick = () => {
    close();
    onDone(sheet.points);
  };
  const clear = make("button", { type: "button", onclick: () => sheet.clear() }, "Clear");
  const cancel = make("button", { type: "button", onclick: close }, "Cancel");
  dialog.append(make("h2", {}, "Draw a distribution"), sheet.canvas, sheet.left, make("div", { className: "row" }, sheet.done, clear, cancel));
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  dialog.addEventListener("cancel", () => dialog.remove());
  root.append(dialog);
  dialog.showModal();
  sheet.draw();
}

class Sheet {
  /** @param {Theme} look @param {Place[]} start */
  constructor(look, start) {
    this.look = look;
    /** @type {Place[]} */
    this.points = start.map(([x, y]) => [x, y]);
    /** Where the keys have moved the pen, and whether they have. @type {Place} */
    this.pen = [128, 128];
    this.shown = false;
    this.canvas = make("canvas", { className: "sheet", "aria-label": "Sheet to draw on. Arrow keys move the pen, Enter sets a point." });
    this.canvas.tabIndex = 0;
    this.left = make("span", { className: "quiet", role: "status" });
    this.done = make("button", { className: "primary", type: "button" }, "Train on this");
    this.canvas.addEventListener("pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.touch(event);
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (event.buttons & 1) for (const each of event.getCoalescedEvents?.() ?? [event]) this.touch(each);
    });
    this.canvas.addEventListener("keydown", (event) => this.key(event));
  }

  draw() {
    const context = fresh(this.canvas, SIDE, SIDE);
    context.strokeStyle = context.fillStyle = this.look.text;
    context.globalAlpha = 0.15;
    context.strokeRect(0.5, 0.5, SIDE - 1, SIDE - 1);
    context.beginPath();
    context.moveTo(SIDE / 2, 0);
    context.lineTo(SIDE / 2, SIDE);
    context.moveTo(0, SIDE / 2);
    context.lineTo(SIDE, SIDE / 2);
    context.stroke();
    context.globalAlpha = 0.75;
    for (const [x, y] of this.points) {
      context.beginPath();
      context.arc((x / 255) * SIDE, (1 - y / 255) * SIDE, 6, 0, 7);
      context.fill();
    }
    if (this.shown) {
      context.lineWidth = 2;
      context.strokeRect((this.pen[0] / 255) * SIDE - 7, (1 - this.pen[1] / 255) * SIDE - 7, 14, 14);
    }
    this.left.textContent = this.points.length ? `${this.points.length} of ${MOST} places` : "Draw a shape with the pointer.";
    this.done.disabled = this.points.length < 3;
  }

  clear() {
    this.points.length = 0;
    this.draw();
  }

  /** @param {number} x @param {number} y */
  add(x, y) {
    if (this.points.length >= MOST || this.points.some(([a, b]) => Math.hypot(a - x, b - y) < APART)) return;
    this.points.push([x, y]);
    this.draw();
  }

  /** @param {PointerEvent} event */
  touch(event) {
    const box = this.canvas.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width, y = 1 - (event.clientY - box.top) / box.height;
    this.add(inside(255 * x), inside(255 * y));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const move = MOVES[event.key];
    if (move) {
      this.shown = true;
      this.pen = [inside(this.pen[0] + move[0]), inside(this.pen[1] + move[1])];
      this.draw();
    } else if (event.key === "Enter") this.add(...this.pen);
    else return;
    event.preventDefault();
  }
}
