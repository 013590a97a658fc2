// The stages side by side: for each model its picture, its latent plane and its readings.

import { FAMILIES, PLAYERS, familyColour, h } from "./dom.js";
import { drawLatent, drawStage } from "./stage.js";
import { readings } from "./timeline.js";

export class Stages {
  constructor() {
    this.element = h("div", { class: "stages" });
    this.parts = new Map();
  }

  arrange(models, world) {
    const wanted = models.join();
    if (this.arranged === wanted) return;
    this.arranged = wanted;
    this.element.style.setProperty("--count", models.length);
    this.element.dataset.count = models.length;
    this.parts = new Map(models.map((model) => [model, this.part(model, world)]));
    this.element.replaceChildren(...[...this.parts.values()].map((part) => part.element));
  }

  // The room beside a single picture; null when there are several.
  get beside() {
    return this.parts.size === 1 ? [...this.parts.values()][0].below : null;
  }

  part(model) {
    const family = FAMILIES[model];
    const canvas = h("canvas", { class: "picture", role: "img" });
    const plane = h("canvas", { role: "img", "aria-label": `Latent plane of the ${family.title}` });
    const caption = h("figcaption", {}, "Latent plane");
    const figure = h("figure", { class: "plane" }, plane, caption);
    const none = h("div", { class: "none" }, "A GAN has no encoder: it does not map data points to latents.");
    const moved = h("span", { class: "moved" });
    const list = h("dl", { class: "readings" });
    const below = h("div", { class: "below" }, model === "gan" ? none : figure, list);
    const element = h("section", { class: "stage", "aria-label": family.title, "data-model": model },
      h("h2", {}, h("span", { class: "glyph", "aria-hidden": "true" }, family.glyph), family.title, moved),
      canvas, below);
    return { element, canvas, below, plane, caption, figure, none, moved, list };
  }

  draw(moment, world, show, look, scenario) {
    for (const [model, part] of this.parts) {
      const facts = moment.picture.models[model];
      if (!facts) continue;
      part.element.style.setProperty("--family", familyColour(model, look.dark));
      const own = Object.fromEntries(
        ["samples", "surface", "arrows", "manifold", "means", "sds", "holes"].map((name) => [name, moment.picture.arrays[`${model}/${name}`]]));
      const size = part.canvas.clientWidth;
      if (size) drawStage(part.canvas, size, { half: world.half, data: world.data }, own, model, show, look);
      part.figure.hidden = part.none.hidden = !show.has("latent");
      if (show.has("latent") && own.means && part.plane.clientWidth) {
        drawLatent(part.plane, part.plane.clientWidth, own, model, look);
        const [first, second] = facts.dimensions ?? [];
        part.caption.textContent = second === undefined ? "Latent line" : scenario.latent_dim > 2 ? `Latent dimensions ${first + 1} and ${second + 1}` : "Latent plane";
      }
      const stepped = scenario.speed === "slow" || !moment.picture.running;
      part.moved.textContent = stepped && facts.moved.length === 1 && model !== "vae" ? `${PLAYERS[facts.moved[0]]} moved` : "";
    }
  }

  read(moment, world) {
    for (const [model, part] of this.parts) {
      const lines = readings(moment.row, world, model);
      const spoken = lines.map(([name, value]) => `${name} ${value}`).join(", ");
      part.canvas.setAttribute("aria-label", `${FAMILIES[model].title} at step ${moment.row.step}: ${spoken}`);
      part.list.replaceChildren(...lines.map(([name, value, more]) =>
        h("div", {}, h("dt", {}, name), h("dd", {}, value, more ? h("small", {}, more) : null))));
    }
  }
}
