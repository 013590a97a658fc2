// The bar above the maps: what colours and places mean, the tools for selecting, and what to do with a selection.

import { button, chooser, fillChooser, iconButton, make } from "../dom.js";

const PROJECTIONS = { pca: "PCA", umap: "UMAP", tsne: "t-SNE", latent: "Latent plane" };
const TOOLS = [["pan", "Move", "Drag moves the map, a click decodes a point (P)"], ["lasso", "Lasso", "Draw around points to select them; shift adds, alt removes (L)"], ["box", "Box", "Drag a box to select points; shift adds, alt removes (B)"]];

export class Bar {
  /** @param on Callbacks: colour(name), projection(name), parts(set), tool(name), home(), select("all" | "none" | "invert"), group(name), compare(). */
  constructor(on) {
    Object.assign(this, { on, shown: new Set() });
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
      this.projection, this.colour, this.parts,
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
    if (!name) return this.name.focus();
    this.on.group(name);
    this.name.value = "";
  }

  /** What there is to choose from, over all explorations. */
  offer(explorations, colour, projection, shown) {
    const attributes = new Map(explorations.flatMap((each) => each.attributes.map((a) => [a.name, a.title])));
    const everywhere = explorations[0].projections.filter((name) => explorations.every((each) => each.projections.includes(name)));
    fillChooser(this.colour.querySelector("select"), [["", "nothing"], ...attributes], colour);
    fillChooser(this.projection.querySelector("select"), everywhere.map((name) => [name, PROJECTIONS[name] || name]), projection);
    const parts = new Map(explorations.flatMap((each) => each.parts.filter((part) => part.stop > part.start).map((part) => [part.name, part.title])));
    this.parts.replaceChildren(...(parts.size > 1 ? [...parts].map(([name, title]) => this.part(name, title, shown)) : []));
  }

  part(name, title, shown) {
    const mark = make("i", { className: name === "samples" ? "diamond" : "dot" });
    const toggle = make("button", { type: "button", className: "swatch", title: `Show or hide: ${title}`, "aria-pressed": String(shown.has(name)) }, mark, title);
    toggle.onclick = () => {
      if (!shown.delete(name)) shown.add(name);
      toggle.setAttribute("aria-pressed", String(shown.has(name)));
      this.on.parts(shown);
    };
    return toggle;
  }

  use(tool) {
    for (const [name, each] of this.toolButtons) each.setAttribute("aria-pressed", String(name === tool));
  }

  tell(count) {
    this.actions.hidden = !count;
    this.count.textContent = `${count.toLocaleString("en")} selected`;
  }
}
