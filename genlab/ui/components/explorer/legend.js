// What colours mean: swatches that hide and show a category, or a scale with its values.

import { categoryColour, css, numberColour, unknownColour } from "../colours.js";
import { make } from "../dom.js";
import { plain } from "../numbers.js";

const UNKNOWN = -1;

/** Of points that are coloured by nothing. @type {Colour} */
const LIGHT_INK = [60, 110, 190];
/** @type {Colour} */
const DARK_INK = [110, 170, 230];

/** Colours of one exploration's points by one attribute, and its legend. */
export class Legend {
  /**
   * @param {explorer.Exploration} exploration
   * @param {() => void} onchange Called when a category is hidden or shown.
   */
  constructor(exploration, onchange) {
    this.exploration = exploration;
    this.onchange = onchange;
    /** Categories that are hidden. @type {Set<number>} */
    this.hidden = new Set();
    /** @type {explorer.Attribute | null} */
    this.attribute = null;
    this.values = new Float32Array(0);
    this.element = make("div", { className: "legend" });
  }

  /** Colour by the attribute of that name; by nothing where this exploration lacks it. @param {string} name */
  async use(name) {
    const attribute = this.exploration.attributes.find((each) => each.name === name) || null;
    const values = attribute ? await this.exploration.values(attribute.name) : new Float32Array(0);
    if (attribute?.name !== this.attribute?.name) this.hidden = new Set();
    Object.assign(this, { attribute, values });
  }

  /** For names on the map: which category each point has. @returns {explorer.Category | null} */
  get category() {
    const { attribute, values, hidden } = this;
    return attribute?.kind === "category" ? { values, names: attribute.categories ?? [], hidden } : null;
  }

  /**
   * Colour of an item's value, and the category that hides it where it has one.
   *
   * @param {number} value
   * @param {boolean} dark
   * @param {Colour[]} palette Colours of the categories.
   * @returns {{ rgb: Colour, group: number | null }}
   */
  inkOf(value, dark, palette) {
    const { attribute } = this;
    if (!attribute) return { rgb: dark ? DARK_INK : LIGHT_INK, group: null };
    if (Number.isNaN(value)) return { rgb: unknownColour(dark), group: UNKNOWN };
    if (attribute.kind === "category") return { rgb: palette[value] ?? unknownColour(dark), group: value };
    const { low, high } = attribute;
    return { rgb: numberColour(high > low ? (value - low) / (high - low) : 0.5, dark), group: null };
  }

  /**
   * RGBA [n, 4]; alpha 0 for items of hidden categories and parts.
   *
   * @param {boolean} dark
   * @param {Set<string>} shownParts
   */
  colours(dark, shownParts) {
    const { n, parts } = this.exploration, out = new Uint8Array(4 * n);
    const opacity = n > 30_000 ? 150 : n > 8_000 ? 185 : 215;
    const palette = (this.attribute?.categories ?? []).map((_, i) => categoryColour(i, dark));
    for (const part of parts) {
      if (!shownParts.has(part.name)) continue;
      for (let i = part.start; i < part.stop; i++) {
        const { rgb, group } = this.inkOf(this.values[i], dark, palette);
        const off = group !== null && this.hidden.has(group);
        out.set([rgb[0], rgb[1], rgb[2], off ? 0 : opacity], 4 * i);
      }
    }
    return out;
  }

  /** What is known of an item, as words. @param {number} index */
  words(index) {
    if (!this.attribute) return "";
    const value = this.values[index], { title, categories, kind } = this.attribute;
    const text = Number.isNaN(value) ? "unknown" : kind === "category" ? (categories?.[value] ?? "unknown") : plain(value);
    return `${title}: ${text}`;
  }

  /** How many items each category has. */
  counts() {
    /** @type {Map<number, number>} */
    const found = new Map();
    for (const value of this.values) {
      const key = Number.isNaN(value) ? UNKNOWN : value;
      found.set(key, (found.get(key) || 0) + 1);
    }
    return found;
  }

  /** @param {boolean} dark */
  draw(dark) {
    const { attribute, element } = this;
    element.replaceChildren();
    element.hidden = !attribute;
    if (!attribute) return;
    element.title = attribute.note || "";
    const counts = this.counts(), missing = counts.get(UNKNOWN) ?? 0;
    if (attribute.kind === "category") {
      attribute.categories?.forEach((name, i) => {
        const many = counts.get(i);
        if (many) element.append(this.swatch(i, name, css(categoryColour(i, dark)), many));
      });
    } else this.drawScale(attribute, dark);
    if (missing) element.append(this.swatch(UNKNOWN, "unknown", css(unknownColour(dark)), missing));
  }

  /** @param {explorer.Attribute} attribute @param {boolean} dark */
  drawScale({ title, low, high }, dark) {
    const stops = Array.from({ length: 9 }, (_, i) => css(numberColour(i / 8, dark))).join(",");
    this.element.append(
      make("span", { className: "scale-title", textContent: title }),
      make("span", { className: "scale-end", textContent: plain(low) }),
      make("span", { className: "scale", style: `background: linear-gradient(90deg, ${stops})` }),
      make("span", { className: "scale-end", textContent: plain(high) }),
    );
  }

  /** @param {number} key @param {string} name @param {string} colour @param {number} count */
  swatch(key, name, colour, count) {
    const shown = !this.hidden.has(key);
    /** @param {MouseEvent} event */
    const press = (event) => {
      const all = [...this.counts().keys()];
      if (event.altKey || event.shiftKey) {
        const alone = all.every((each) => each === key || this.hidden.has(each));
        this.hidden = new Set(alone ? [] : all.filter((each) => each !== key));
      } else if (shown) this.hidden.add(key);
      else this.hidden.delete(key);
      this.onchange();
    };
    const dot = make("i", { style: `background:${colour}` });
    return make(
      "button",
      {
        type: "button", className: "swatch", onclick: press, "aria-pressed": String(shown),
        title: `${name}: ${count.toLocaleString("en")}. Click to ${shown ? "hide" : "show"}; with shift to show it alone.`,
      },
      dot, name,
    );
  }
}
