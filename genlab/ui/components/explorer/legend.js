// What colours mean: swatches that hide and show a category, or a scale with its values.

import { categoryColour, css, numberColour, unknownColour } from "../colours.js";
import { make } from "../dom.js";
import { plain } from "../numbers.js";

export const UNKNOWN = -1;

/** Colours of one exploration's points by one attribute, and its legend. */
export class Legend {
  /** @param onchange Called when a category is hidden or shown. */
  constructor(exploration, onchange) {
    Object.assign(this, { exploration, onchange, hidden: new Set(), attribute: null, values: null });
    this.element = make("div", { className: "legend" });
  }

  /** Colour by the attribute of that name; by nothing where this exploration lacks it. */
  async use(name) {
    const attribute = this.exploration.attributes.find((each) => each.name === name) || null;
    const values = attribute ? await this.exploration.values(attribute.name) : null;
    if (attribute?.name !== this.attribute?.name) this.hidden = new Set();
    Object.assign(this, { attribute, values });
  }

  get isCategory() {
    return this.attribute?.kind === "category";
  }

  /** For names on the map: which category each point has. */
  get category() {
    if (!this.isCategory) return null;
    return { values: this.values, names: this.attribute.categories || [], hidden: this.hidden };
  }

  share(value) {
    const { low, high } = this.attribute;
    return high > low ? (value - low) / (high - low) : 0.5;
  }

  /** RGBA [n, 4]; alpha 0 for items of hidden categories and parts. */
  colours(dark, shownParts) {
    const { n, parts } = this.exploration, out = new Uint8Array(4 * n);
    const opacity = n > 30_000 ? 150 : n > 8_000 ? 185 : 215;
    const neutral = dark ? [110, 170, 230] : [60, 110, 190];
    const palette = (this.attribute?.categories || []).map((_, i) => categoryColour(i, dark));
    for (const part of parts) {
      if (!shownParts.has(part.name)) continue;
      for (let i = part.start; i < part.stop; i++) {
        const value = this.values ? this.values[i] : 0;
        let rgb = neutral, group = value;
        if (this.attribute && Number.isNaN(value)) {
          rgb = unknownColour(dark);
          group = UNKNOWN;
        } else if (this.isCategory) rgb = palette[value] || unknownColour(dark);
        else if (this.attribute) rgb = numberColour(this.share(value), dark);
        const off = (this.isCategory || group === UNKNOWN) && this.hidden.has(group);
        out.set([rgb[0], rgb[1], rgb[2], off ? 0 : opacity], 4 * i);
      }
    }
    return out;
  }

  /** What is known of an item, as words. */
  words(index) {
    if (!this.attribute) return "";
    const value = this.values[index], { title, categories } = this.attribute;
    const text = Number.isNaN(value) ? "unknown" : this.isCategory ? categories[value] : plain(value);
    return `${title}: ${text}`;
  }

  counts() {
    const found = new Map();
    for (const value of this.values) {
      const key = Number.isNaN(value) ? UNKNOWN : value;
      found.set(key, (found.get(key) || 0) + 1);
    }
    return found;
  }

  draw(dark) {
    this.element.replaceChildren();
    this.element.hidden = !this.attribute;
    if (!this.attribute) return;
    this.element.title = this.attribute.note || "";
    if (this.isCategory) return this.drawCategories(dark);
    const stops = Array.from({ length: 9 }, (_, i) => css(numberColour(i / 8, dark))).join(",");
    this.element.append(
      make("span", { className: "scale-title", textContent: this.attribute.title }),
      make("span", { className: "scale-end", textContent: plain(this.attribute.low) }),
      make("span", { className: "scale", style: `background: linear-gradient(90deg, ${stops})` }),
      make("span", { className: "scale-end", textContent: plain(this.attribute.high) }),
    );
    const missing = this.counts().get(UNKNOWN) || 0;
    if (missing) this.element.append(this.swatch(UNKNOWN, "unknown", css(unknownColour(dark)), missing));
  }

  drawCategories(dark) {
    const counts = this.counts();
    this.attribute.categories.forEach((name, i) => {
      if (counts.get(i)) this.element.append(this.swatch(i, name, css(categoryColour(i, dark)), counts.get(i)));
    });
    if (counts.get(UNKNOWN)) this.element.append(this.swatch(UNKNOWN, "unknown", css(unknownColour(dark)), counts.get(UNKNOWN)));
  }

  swatch(key, name, colour, count) {
    const shown = !this.hidden.has(key);
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
