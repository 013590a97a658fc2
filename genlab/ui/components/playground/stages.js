// The stages side by side: for each model its picture, its latent plane and its readings.

import { make } from "../dom.js";
import { FAMILIES, familyColour, has } from "./families.js";
import { drawLatent, drawStage, layersOf } from "./stage.js";
import { readings } from "./timeline.js";

/** @typedef {ReturnType<Stages["part"]>} Part */

export class Stages {
  constructor() {
    this.element = make("div", { className: "stages" });
    /** @type {Map<playground.Model, Part>} */
    this.parts = new Map();
    this.arranged = "";
    /** @type {Record<playground.Model, string[]>} */
    this.players = {};
  }

  /** @param {playground.Model[]} models @param {Record<playground.Model, string[]>} players */
  arrange(models, players) {
    this.players = players;
    const wanted = models.join();
    if (this.arranged === wanted) return;
    this.arranged = wanted;
    this.element.style.setProperty("--count", String(models.length));
    this.element.dataset.count = String(models.length);
    this.parts = new Map(models.map((model) => [model, this.part(model)]));
    this.element.replaceChildren(...[...this.parts.values()].map((part) => part.element));
  }

  /** The room beside a single picture; null when there are several. */
  get beside() {
    return this.parts.size === 1 ? [...this.parts.values()][0].below : null;
  }

  /** @param {playground.Model} model */
  part(model) {
    const family = FAMILIES[model];
    const canvas = make("canvas", { className: "picture", role: "img" });
    const plane = make("canvas", { role: "img", "aria-label": `Latent plane of the ${family.title}` });
    const caption = make("figcaption", {}, "Latent plane");
    const figure = make("figure", { className: "plane" }, plane, caption);
    const none = make("div", { className: "none" }, `${family.one} has no encoder: it does not map data points to latents.`);
    const moved = make("span", { className: "moved" });
    const list = make("dl", { className: "readings" });
    const below = make("div", { className: "below" }, has(model, "encoder") ? figure : none, list);
    const element = make("section", { className: "stage", "aria-label": family.title, "data-model": model },
      make("h2", {}, make("span", { className: "glyph", "aria-hidden": "true" }, family.glyph), family.title, moved),
      canvas, below);
    return { element, canvas, below, plane, caption, figure, none, moved, list };
  }

  /**
   * @param {playground.Moment} moment
   * @param {playground.Plane} plane
   * @param {Set<string>} show Layers.
   * @param {Theme} look
   * @param {playground.Scenario} scenario
   */
  draw(moment, plane, show, look, scenario) {
    for (const [model, part] of this.parts) {
      const facts = moment.picture.models[model];
      if (!facts) continue;
      part.element.style.setProperty("--family", familyColour(model, look.dark));
      const own = layersOf(moment.picture, model);
      const size = part.canvas.clientWidth;
      if (size) drawStage(part.canvas, size, plane, own, model, show, look);
      part.figure.hidden = part.none.hidden = !show.has("latent");
      if (show.has("latent") && own.means && part.plane.clientWidth) {
        drawLatent(part.plane, part.plane.clientWidth, own, model, look);
        const [first, second] = facts.dimensions ?? [];
        part.caption.textContent = second === undefined ? "Latent line" : scenario.latent_dim > 2 ? `Latent dimensions ${first + 1} and ${second + 1}` : "Latent plane";
      }
      const stepped = scenario.speed === "slow" || !moment.picture.running;
      part.moved.textContent = stepped && facts.moved.length === 1 && (this.players[model]?.length ?? 0) > 1 ? `${facts.moved[0]} moved` : "";
    }
  }

  /** @param {playground.Moment} moment @param {playground.World} world @param {boolean} hall */
  read(moment, world, hall) {
    for (const [model, part] of this.parts) {
      const lines = readings(moment.row, world, model);
      const spoken = lines.map(([name, value]) => `${name} ${value}`).join(", ");
      part.canvas.setAttribute("aria-label", `${FAMILIES[model].title} at step ${moment.row.step}: ${spoken}`);
      const shown = hall && this.parts.size > 1 ? readings(moment.row, world, model, true) : lines;
      part.list.replaceChildren(...shown.map(([name, value, more]) =>
        make("div", {}, make("dt", {}, name), make("dd", {}, value, more ? make("small", {}, more) : null))));
    }
  }
}
