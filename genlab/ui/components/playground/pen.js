// A sheet to draw a distribution on: strokes of the pointer become points; keys move and press a pen as well.

import { fresh, make } from "../dom.js";

const SIDE = 360;
const APART = 5;
const MOST = 256;

export function openPen(root, look, start, onDone) {
  const points = start.map(([x, y]) => [x, y]);
  const canvas = make("canvas", { className: "sheet", "aria-label": "Sheet to draw on. Arrow keys move the pen, Enter sets a point." });
  canvas.tabIndex = 0;
  const left = make("span", { className: "quiet", role: "status" });
  const pen = [128, 128];
  let shown = false;
  const draw = () => {
    const context = fresh(canvas, SIDE, SIDE);
    context.strokeStyle = context.fillStyle = look.text;
    context.globalAlpha = 0.15;
    context.strokeRect(0.5, 0.5, SIDE - 1, SIDE - 1);
    context.beginPath();
    context.moveTo(SIDE / 2, 0);
    context.lineTo(SIDE / 2, SIDE);
    context.moveTo(0, SIDE / 2);
    context.lineTo(SIDE, SIDE / 2);
    context.stroke();
    context.globalAlpha = 0.75;
    for (const [x, y] of points) {
      context.beginPath();
      context.arc((x / 255) * SIDE, (1 - y / 255) * SIDE, 6, 0, 7);
      context.fill();
    }
    if (shown) {
      context.lineWidth = 2;
      context.strokeRect((pen[0] / 255) * SIDE - 7, (1 - pen[1] / 255) * SIDE - 7, 14, 14);
    }
    left.textContent = points.length ? `${points.length} of ${MOST} places` : "Draw a shape with the pointer.";
    done.disabled = points.length < 3;
  };
  const add = (x, y) => {
    if (points.length >= MOST || points.some(([a, b]) => Math.hypot(a - x, b - y) < APART)) return;
    points.push([x, y]);
    draw();
  };
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    const inside = (value) => Math.max(0, Math.min(255, Math.round(value * 255)));
    add(inside((event.clientX - box.left) / box.width), inside(1 - (event.clientY - box.top) / box.height));
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    at(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.buttons & 1) for (const each of event.getCoalescedEvents?.() ?? [event]) at(each);
  });
  canvas.addEventListener("keydown", (event) => {
    const moves = { ArrowLeft: [-8, 0], ArrowRight: [8, 0], ArrowUp: [0, 8], ArrowDown: [0, -8] };
    if (moves[event.key]) {
      shown = true;
      moves[event.key].forEach((by, axis) => (pen[axis] = Math.max(0, Math.min(255, pen[axis] + by))));
      draw();
    } else if (event.key === "Enter") {
      add(...pen);
    } else return;
    event.preventDefault();
  });
  const done = make("button", { className: "primary", type: "button", onclick: () => finish(points) }, "Train on this");
  const clear = make("button", { type: "button", onclick: () => { points.length = 0; draw(); } }, "Clear");
  const cancel = make("button", { type: "button", onclick: () => finish(null) }, "Cancel");
  const dialog = make("dialog", { className: "pen", "aria-label": "Draw a distribution" },
    make("h2", {}, "Draw a distribution"), canvas, left, make("div", { className: "row" }, done, clear, cancel));
  const finish = (result) => {
    dialog.close();
    dialog.remove();
    if (result) onDone(result);
  };
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  dialog.addEventListener("cancel", () => dialog.remove());
  root.append(dialog);
  dialog.showModal();
  draw();
}
