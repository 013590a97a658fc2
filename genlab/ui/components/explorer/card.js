// The card that follows the pointer: the item's picture, what it is, and its values.

import { brush, make } from "../dom.js";

const SIDE = 84;

export class HoverCard {
  constructor() {
    this.canvas = make("canvas", { className: "pixels", width: SIDE, height: SIDE });
    this.title = make("b");
    this.lines = make("div");
    /** What can be read of the item. @type {import("./voice.js").Reading | null} */
    this.reading = null;
    this.element = make("div", { className: "hover-card", hidden: true, "aria-hidden": "true" }, this.canvas, make("div", {}, this.title, this.lines));
    this.index = -1;
  }

  hide() {
    this.index = -1;
    this.element.hidden = true;
  }

  /**
   * Show an item beside its point.
   *
   * @param {explorer.Exploration} exploration
   * @param {number} index
   * @param {Place} place Where its point is, in pixels of the map.
   * @param {import("./map.js").MapPanel} panel
   * @param {string[]} words
   */
  show(exploration, index, place, panel, words) {
    this.index = index;
    this.element.hidden = false;
    const [title, ...lines] = words;
    this.title.textContent = title;
    this.lines.replaceChildren(...lines.filter(Boolean).map((line) => make("div", { textContent: line })));
    if (this.reading) {
      this.reading.element.textContent = "";
      this.lines.append(this.reading.element);
    }
    panel.stage.append(this.element);
    const { width, height } = panel.view, [x, y] = place;
    const left = x + 18 + 210 > width ? x - 18 - this.element.offsetWidth : x + 18;
    this.element.style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, Math.min(height - 104, y - 46))}px)`;
    const context = brush(this.canvas);
    context.clearRect(0, 0, SIDE, SIDE);
    this.canvas.dataset.item = "";
    const draw = () => {
      if (this.index !== index || !exploration.draw(index, context, 0, 0, SIDE)) return;
      this.canvas.dataset.item = String(index);
    };
    if (exploration.hasPicture(index)) draw();
    else if (exploration.document.atlas) exploration.sheet(exploration.sheetOf(index)).then(draw, () => {});
  }
}
