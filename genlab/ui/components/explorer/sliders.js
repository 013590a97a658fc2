// Sliders along dimensions and directions; the picture follows each movement. A strip shows what lies to both sides.

import { chooser, fillChooser, icon, iconButton, make, paint } from "../dom.js";
import { signed } from "../numbers.js";

/** @type {Record<string, string>} */
const METHODS = {
  dimension: "Dimensions", pca: "Components of the codes", ganspace: "GANSpace", sefa: "SeFa",
  groups: "Between groups", class: "Towards a class",
};
const REACH = 3;
const STEP = 0.05;
const MOST_AT_ONCE = 16;
const STRIP = [-3, -2, -1, 0, 1, 2, 3];

/**
 * One slider.
 *
 * @typedef {object} Row
 * @property {explorer.Direction} direction
 * @property {HTMLInputElement} input
 * @property {HTMLOutputElement} value
 * @property {HTMLButtonElement} lock
 * @property {HTMLElement} element
 * @property {{ at: number, locked: boolean, current: boolean } | null} shown What has been drawn.
 */

export class Sliders {
  /** @param {HTMLElement} actions A row of buttons. */
  constructor(actions) {
    this.method = "dimension";
    /** @type {Row[]} */
    this.rows = [];
    this.most = MOST_AT_ONCE;
    /** Whose latent this is. @type {explorer.Steer | null} */
    this.steer = null;
    /** No longer listen to it. */
    this.stop = () => {};
    /** @type {explorer.Direction[]} */
    this.directions = [];
    /** The direction that the strip shows. @type {explorer.Direction | undefined} */
    this.current = undefined;
    /** The direction whose pictures are on the strip. @type {explorer.Direction | null} */
    this.stripOf = null;
    /** Whether a hand moves a slider, and whether something has changed meanwhile. */
    this.editing = this.late = false;
    /** @type {number | null} */
    this.shownPsi = null;
    this.label = make("div", { className: "label-picker" });
    /** @type {HTMLSelectElement | null} */
    this.labels = null;
    this.picker = chooser("Sliders", [["dimension", METHODS.dimension]], "dimension", (method) => this.use(method), false);
    this.psi = make("input", { type: "range", min: 0, max: 1, step: 0.01, value: 1, "aria-label": "Truncation (ψ)" });
    this.psi.oninput = () => {
      this.begin();
      this.stripOf = null;
      this.steer?.setPsi(Number(this.psi.value));
    };
    this.psi.onchange = () => this.settle();
    this.psiValue = make("output", { textContent: "1.00" });
    this.strip = make("div", { className: "strip", role: "group" });
    this.stripTitle = make("span", { className: "quiet" });
    this.list = make("div", { className: "sliders" });
    const psi = make("label", { className: "psi", title: "Moves the latent towards the prior's mean: more typical images, less variety" }, "Truncation (ψ)", this.psi, this.psiValue);
    this.element = make(
      "section",
      { className: "steering" },
      actions,
      make("div", { className: "row" }, this.picker.element, this.label, psi),
      make("div", { className: "strip-box" }, this.strip, this.stripTitle),
      this.list,
    );
    this.tiles = STRIP.map((value) => {
      const canvas = make("canvas", { className: "pixels", width: 28, height: 28 });
      const tile = make("button", { type: "button", className: "tile", onclick: () => this.jump(this.current, value) }, canvas, make("small", { textContent: signed(value, 0) }));
      this.strip.append(tile);
      return { value, canvas, tile };
    });
  }

  /** Show the sliders of a model's latent. @param {explorer.Steer} steer */
  async follow(steer) {
    // A hand that drags keeps its slider: what is new comes when it lets go.
    if (this.editing && this.steer === steer) {
      this.late = true;
      return;
    }
    this.stop();
    this.late = false;
    const known = this.steer === steer && this.directions.length ? this.directions.map(nameOf) : null;
    this.steer = steer;
    const move = () => this.update();
    steer.addEventListener("move", move);
    this.stop = () => steer.removeEventListener("move", move);
    const found = await steer.exploration.directions();
    if (this.steer !== steer) return;
    this.directions = known && steer.past.length ? inOrderOf(known, found) : found;
    const methods = [...new Set(this.directions.map((each) => each.method))];
    methods.sort((a, b) => Number(b === "dimension") - Number(a === "dimension"));
    // A direction that was just made is what somebody wants to try.
    const made = this.directions.filter((each) => each.method === "groups" && !known?.includes(nameOf(each)));
    if (known && made.length) this.method = "groups";
    if (!methods.includes(this.method)) this.method = methods[0];
    /** @type {Record<string, string>} */
    const titles = { ...METHODS, dimension: isSorted(this.directions) ? "Dimensions, strongest first" : "Dimensions" };
    /** @param {string} method @returns {Choice} */
    const choice = (method) => [method, titles[method] || method];
    fillChooser(this.picker.select, methods.map(choice), this.method);
    this.drawLabels(steer);
    if (known) this.drawList();
    else this.use(this.method);
  }

  /** @param {string} method */
  use(method) {
    this.method = method;
    this.most = MOST_AT_ONCE;
    this.drawList();
  }

  /** @param {explorer.Steer} steer */
  drawLabels(steer) {
    const { classes } = steer.exploration;
    this.label.replaceChildren();
    this.labels = null;
    if (!classes) return;
    const choices = classes.map((name, i) => /** @type {Choice} */ ([String(i), name]));
    const { element, select } = chooser("Class", choices, String(steer.label ?? 0), (value) => steer.setLabel(Number(value)));
    this.label.append(element);
    this.labels = select;
  }

  drawList() {
    const all = this.directions.filter((each) => each.method === this.method);
    const held = this.list.querySelector("input:focus")?.id;
    this.rows = all.slice(0, this.most).map((direction) => this.row(direction));
    this.list.replaceChildren(...this.rows.map((row) => row.element));
    // Whoever steers by keys goes on with the slider at hand when directions come in.
    if (held) this.rows.find((row) => row.input.id === held)?.input.focus({ preventScroll: true });
    if (all.length > this.most) {
      const more = make("button", {
        type: "button", className: "more", textContent: `Show ${Math.min(32, all.length - this.most)} more of ${all.length}`,
        onclick: () => { this.most += 32; this.drawList(); },
      });
      this.list.append(more);
    }
    this.current = this.rows[0]?.direction;
    this.update();
  }

  /** @param {explorer.Direction} direction @returns {Row} */
  row(direction) {
    const id = `slider-${direction.method}-${direction.name}`;
    const input = make("input", { type: "range", id, min: -REACH, max: REACH, step: STEP, value: 0 });
    const value = make("output", { for: id });
    input.oninput = () => {
      this.current = direction;
      this.begin();
      this.steer?.slide(direction, Number(input.value));
    };
    input.onchange = () => this.settle();
    input.onfocus = () => this.turn(direction);
    const lock = make("button", { type: "button", className: "icon lock", title: "Keep this value when another latent is chosen" }, icon("open"));
    lock.setAttribute("aria-label", `Lock ${direction.title}`);
    lock.onclick = () => {
      const locked = this.steer?.locked, key = nameOf(direction);
      if (!locked?.delete(key)) locked?.set(key, direction);
      this.update();
    };
    const reset = iconButton("reset", `Reset ${direction.title}`, () => this.jump(direction, 0));
    const name = make("label", { for: id, textContent: direction.title, title: direction.note || direction.title });
    const element = make("div", { className: "slider", onpointerenter: () => this.turn(direction) }, name, input, value, lock, reset);
    return { direction, input, value, lock, element, shown: null };
  }

  /** The first movement of an edit: what was before can be brought back. */
  begin() {
    if (!this.editing) this.steer?.remember();
    this.editing = true;
  }

  settle() {
    const { steer } = this;
    this.editing = false;
    steer?.dispatchEvent(new Event("settle"));
    if (steer && this.late) this.follow(steer);
  }

  /** The strip shows this direction from now on. @param {explorer.Direction} direction */
  turn(direction) {
    if (this.editing || this.current === direction) return;
    this.current = direction;
    this.update();
  }

  /** Move along a direction at once. @param {explorer.Direction | undefined} direction @param {number} value */
  jump(direction, value) {
    if (!this.steer || !direction) return;
    this.steer.remember();
    this.steer.slide(direction, value);
    this.steer.tell(true);
  }

  /** Steps further along the direction at hand. @param {number} by */
  nudge(by) {
    const { current, steer } = this;
    if (!current || !steer || steer.locked.has(nameOf(current))) return;
    this.jump(current, Math.min(REACH, Math.max(-REACH, steer.value(current) + by)));
  }

  /** The direction before (-1) or after (1) the one at hand. @param {-1 | 1} by */
  turnBy(by) {
    const at = this.rows.findIndex(({ direction }) => direction === this.current) + by;
    if (this.rows[at]) this.turn(this.rows[at].direction);
  }

  /** Bring all sliders to where the latent is. */
  update() {
    const { steer } = this;
    if (!steer) return;
    for (const row of this.rows) this.updateRow(row, steer);
    if (this.shownPsi !== steer.psi) {
      this.shownPsi = steer.psi;
      this.psi.value = String(steer.psi);
      this.psi.style.setProperty("--to", `${100 * steer.psi}%`);
      this.psiValue.textContent = steer.psi.toFixed(2);
    }
    if (this.labels && steer.label !== null) this.labels.value = String(steer.label);
    this.drawStrip(steer);
  }

  /**
   * Only what has changed is touched: while a hand drags, every rewritten text would cost a part of a frame.
   *
   * @param {Row} row
   * @param {explorer.Steer} steer
   */
  updateRow(row, steer) {
    const { direction, input, value, lock, element } = row;
    const at = steer.value(direction), locked = steer.locked.has(nameOf(direction));
    const current = direction === this.current, before = row.shown;
    if (before?.at !== at) {
      if (Math.abs(Number(input.value) - at) > STEP / 2) input.value = String(at);
      value.textContent = signed(at);
      fillFrom(input, at);
      element.classList.toggle("beyond", Math.abs(at) > REACH);
    }
    if (before?.locked !== locked) {
      input.disabled = locked;
      lock.setAttribute("aria-pressed", String(locked));
      lock.replaceChildren(icon(locked ? "lock" : "open"));
    }
    if (before?.current !== current) element.classList.toggle("current", current);
    row.shown = { at, locked, current };
  }

  /** @param {explorer.Steer} steer */
  drawStrip(steer) {
    const { current } = this;
    if (!current) return;
    const at = steer.value(current);
    for (const { value, tile } of this.tiles) tile.classList.toggle("here", Math.abs(value - at) <= 0.5);
    // Moving along a direction does not change what lies along it.
    if (this.editing && this.stripOf === current) return;
    this.stripOf = current;
    this.stripTitle.textContent = `${current.title}, in ${current.scale === 1 ? "steps of 1" : "standard deviations"}`;
    this.strip.setAttribute("aria-label", `Along ${current.title} from −3 to +3`);
    for (const { value, tile } of this.tiles) {
      tile.title = `${current.title} at ${signed(value, 0)}`;
      tile.setAttribute("aria-label", tile.title);
    }
    steer.pump.ask("strip", steer.along(current, STRIP), steer.label, (pixels, first, count) => {
      if (this.steer !== steer) return;
      for (let i = 0; i < count; i++) paint(this.tiles[first + i].canvas, pixels, steer.exploration.shape, i);
    });
  }
}

/** Colour the track from the middle to the thumb: how far, and which way. @param {HTMLElement} input @param {number} at */
function fillFrom(input, at) {
  const share = 50 + (50 * Math.max(-REACH, Math.min(REACH, at))) / REACH;
  input.style.setProperty("--from", `${Math.min(50, share)}%`);
  input.style.setProperty("--to", `${Math.max(50, share)}%`);
}

/** Directions that were there before stay where they were; new ones come behind them. @param {string[]} known @param {explorer.Direction[]} directions */
function inOrderOf(known, directions) {
  /** @param {explorer.Direction} each */
  const place = (each) => (known.includes(nameOf(each)) ? known.indexOf(nameOf(each)) : known.length);
  return [...directions].sort((a, b) => place(a) - place(b));
}

/** Whether dimensions are in the order of their strength. @param {explorer.Direction[]} directions */
function isSorted(directions) {
  const strengths = directions.filter((each) => each.method === "dimension").map((each) => each.strength);
  return strengths.some((each) => each > 0) && strengths.every((each, i) => !i || strengths[i - 1] >= each);
}

/** @param {explorer.Direction} direction */
const nameOf = ({ method, name }) => `${method} ${name}`;
