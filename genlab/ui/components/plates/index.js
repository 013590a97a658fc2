// Items of a sheet one by one: their pictures with a button that plays each, films in motion, and what can be read.

import { calm, dressPlay, iconButton, make } from "../dom.js";
import { drawFrame, hear, hush, RATE } from "../media.js";

/** @type {WeakMap<Node, Wall>} */
const walls = new WeakMap();

/** @param {Component<plates.Data>} component */
export default function render({ data, parentElement }) {
  const wall = walls.get(parentElement) ?? new Wall(/** @type {HTMLElement} */ (parentElement.querySelector(".plates")));
  walls.set(parentElement, wall);
  wall.update(data);
  return () => {
    wall.end();
    walls.delete(parentElement);
  };
}

/** @typedef {{ canvas: HTMLCanvasElement, picture: HTMLImageElement, place: number, group: plates.Group, moving: boolean, button: HTMLButtonElement | null }} Tile */

class Wall {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.known = "";
    /** @type {Tile[]} */
    this.tiles = [];
    this.frames = 1;
    this.frame = 0;
    this.timer = 0;
    this.all = iconButton("play", "Play", () => this.turn(!this.moving), "", "icon play");
  }

  get moving() {
    return this.tiles.some(({ moving }) => moving);
  }

  /** @param {plates.Data} data */
  update(data) {
    const shown = JSON.stringify(data);
    if (shown === this.known) return;
    this.known = shown;
    hush();
    this.tiles = [];
    this.frames = data.frames;
    this.root.style.setProperty("--least", `${data.least}px`);
    this.root.replaceChildren(
      ...(data.frames > 1 ? [make("div", { className: "controls" }, this.all)] : []),
      ...data.groups.map((group) => this.group(group, data)),
    );
    // Motion begins by itself unless it is unwelcome.
    this.turn(data.frames > 1 && !calm());
  }

  /** @param {plates.Group} group @param {plates.Data} data */
  group(group, data) {
    const picture = make("img", { alt: "" });
    picture.onload = () => this.tiles.filter((tile) => tile.picture === picture).forEach((tile) => this.draw(tile));
    const figures = group.plates.map((plate, place) => this.figure(plate, place, group, picture, data));
    picture.src = group.picture;
    const list = make("div", { className: data.read ? "wall read" : "wall", role: "list" }, ...figures);
    return make("section", { "aria-label": group.title }, group.title ? make("h4", { textContent: group.title }) : null, list);
  }

  /** @param {plates.Plate} plate @param {number} place @param {plates.Group} group @param {HTMLImageElement} picture @param {plates.Data} data */
  figure(plate, place, group, picture, data) {
    const name = plate.label || `${data.one} ${place + 1}`;
    const canvas = make("canvas", { role: "img", "aria-label": plate.text ? `${name}: ${plate.text}` : name });
    const button = this.button(plate, name, canvas, data);
    /** @type {Tile} */
    const tile = { canvas, picture, place, group, moving: false, button };
    if (!data.read) this.tiles.push(tile);
    if (data.frames > 1 && button) button.onclick = () => {
      tile.moving = !tile.moving;
      this.dress();
      this.run();
    };
    const words = plate.text === null ? null : make("p", { textContent: plate.text });
    const caption = make("figcaption", {}, plate.label ? make("small", { textContent: plate.label }) : null, words);
    return make("figure", { role: "listitem" }, data.read ? null : make("div", { className: "tile" }, canvas, button), caption);
  }

  /** What plays an item: its sound, or its frames. @param {plates.Plate} plate @param {string} name @param {HTMLCanvasElement} canvas @param {plates.Data} data */
  button(plate, name, canvas, data) {
    const { play } = plate;
    if (data.frames < 2 && !play) return null;
    const made = iconButton("play", "Play", () => {}, "", "icon play");
    made.setAttribute("aria-description", name);
    if (data.frames > 1 || !play) return made;
    /** @type {{ stop(): void } | null} */
    let mine = null;
    made.onclick = () => {
      if (mine) return mine.stop();
      dressPlay(made, true);
      mine = hear(play, {
        ended: () => {
          mine = null;
          dressPlay(made, false);
        },
        // What is no sound is a picture that moves by itself.
        failed: () => canvas.replaceWith(make("img", { src: play, alt: name })),
      });
    };
    return made;
  }

  /** Let all films move, or none. @param {boolean} moving */
  turn(moving) {
    for (const tile of this.tiles) tile.moving = moving;
    this.dress();
    this.run();
  }

  dress() {
    if (this.frames < 2) return;
    dressPlay(this.all, this.moving);
    for (const { button, moving } of this.tiles) if (button) dressPlay(button, moving);
  }

  run() {
    clearInterval(this.timer);
    this.timer = 0;
    if (!this.moving || this.frames < 2) return;
    this.timer = setInterval(() => {
      if (!this.root.isConnected) return this.end();
      if (document.hidden) return;
      this.frame += 1;
      this.tiles.filter(({ moving }) => moving).forEach((tile) => this.draw(tile));
    }, 1000 / RATE);
  }

  /** @param {Tile} tile */
  draw({ canvas, picture, place, group }) {
    const { naturalWidth, naturalHeight } = picture;
    if (!naturalWidth) return;
    const width = naturalWidth / group.columns, height = naturalHeight / group.rows;
    const part = { x: (place % group.columns) * width, y: Math.floor(place / group.columns) * height, width, height };
    drawFrame(canvas, picture, part, this.frames, this.frame);
  }

  end() {
    clearInterval(this.timer);
    this.timer = 0;
    hush();
  }
}
