// The bar above the maps: what colours and places mean, the tools for selecting, and what to do with a selection.

import { button, chooser, fillChooser, iconButton, make } from "../dom.js";

/** @type {Record<string, string>} */
const PROJECTIONS = { pca: "PCA", umap: "UMAP", tsne: "t-SNE", latent: "Latent plane" };
/** @type {[tool: explorer.Tool, text: string, title: string][]} */
const TOOLS = [
  ["pan", "Move", "Drag moves the map, a click decodes a point (P)"],
  ["lasso", "Lasso", "Draw around points to select them; shift adds, alt removes (L)"],
  ["box", "Box", "Drag a box to select points; shift adds, alt removes (B)"],
];

/**
 * What the bar calls.
 *
 * @typedef {object} Acts
 * @property {(name: string) => void} colour
 * @property {(name: string) => void} projection
 * @property {() => void} parts
 * @property {(name: explorer.Tool) => void} tool
 * @property {() => void} home
 * @property {(what: "all" | "none" | "invert") => void} select
 * @property {(name: string) => void} group
 * @property {() => void} compare
 */

export class Bar {
  /** @param {Acts} on */
  constructor(on) {
    this.on = on;
    this.colour = chooser("Colour", [], "", (value) => on.colour(value));
    this.projection = chooser("Map", [], "", (value) => on.projection(value));
    this.parts = make("span", { className: "parts", role: "group", "aria-label": "Shown" });
    this.tools = make("span", { className: "segments", role: "group", "aria-label": "Tool" });
    this.toolButtons = new Map(TOOLS.map(([name, text, title]) => [name, iconButton(name, title, () => on.tool(name), text)]));
    this.tools.append(...this.toolButtons.values());
    this.count = make("output", { className: "count" });
    this.name = make("input", { type: "text", placeholder: "Name this group", "aria-label": "Name of the group", maxLength: 40 });
    this.name.onkeydown = (event) => {
      event.stopPropagation();
      if (event.key === "Enter") this.save();
    };
    this.actions = make(
      "span",
      { className: "selection" },
      this.count,
      this.name,
      button("Save group", "Keep these items as a group with this name", () => this.save()),
      button("Compare", "Send these items to Compare", () => on.compare()),
    );
    this.element = make(
      "div",
      { className: "bar" },
      this.projection.element, this.colour.element, this.parts,
      make("span", { className: "gap" }),
      this.tools,
      iconButton("fit", "Show all (0, or a double click on the map)", () => on.home()),
      make("span", { className: "segments", role: "group", "aria-label": "Selection" },
        button("All", "Select everything that is shown", () => on.select("all")),
        button("None", "Select nothing (Escape)", () => on.select("none")),
        button("Invert", "Select what is not selected", () => on.select("invert"))),
    );
    this.use("pan");
    this.tell(0);
  }

  save() {
    const name = this.name.value.trim();
    if (name) {
      this.on.group(name);
      this.name.value = "";
    } else this.name.focus();
  }

  /**
   * What there is to choose from, over all explorations.
   *
   * @param {explorer.Exploration[]} explorations
   * @param {string} colour
   * @param {string} projection
   * @param {Set<string>} shown Names of the parts that are shown; pressing one changes it.
   */
  offer(explorations, colour, projection, shown) {
    const attributes = new Map(explorations.flatMap((each) => each.attributes.map(titled)));
    const everywhere = explorations[0].projections.filter((name) => explorations.every((each) => each.projections.includes(name)));
    fillChooser(this.colour.select, [["", "nothing"], ...attributes], colour);
    fillChooser(this.projection.select, everywhere.map((name) => /** @type {Choice} */ ([name, PROJECTIONS[name] || name])), projection);
    const parts = new Map(explorations.flatMap((each) => each.parts.filter((part) => part.stop > part.start).map(titled)));
    this.parts.replaceChildren(...(parts.size > 1 ? [...parts].map(([name, title]) => this.part(name, title, shown)) : []));
  }

  /** @param {string} name @param {string} title @param {Set<string>} shown */
  part(name, title, shown) {
    const mark = make("i", { className: name === "samples" ? "diamond" : "dot" });
    const toggle = make("button", { type: "button", className: "swatch", title: `Show or hide: ${title}`, "aria-pressed": String(shown.has(name)) }, mark, title);
    toggle.onclick = () => {
      if (!shown.delete(name)) shown.add(name);
      toggle.setAttribute("aria-pressed", String(shown.has(name)));
      this.on.parts();
    };
    return toggle;
  }

  /** @param {explorer.Tool} tool */
  use(tool) {
    for (const [name, each] of this.toolButtons) each.setAttribute("aria-pressed", String(name === tool));
  }

  /** @param {number} count How many items are selected. */
  tell(count) {
    this.actions.hidden = !count;
    this.count.textContent = `${count.toLocaleString("en")} selected`;
  }
}

/** @param {{ name: string, title: string }} each @returns {Choice} */
const titled = ({ name, title }) => [name, title];
