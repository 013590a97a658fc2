// What stands above the pictures: scenes, distribution and models, the buttons that run and step, and the layers.

import { make } from "../dom.js";
import { FAMILIES, familyColour, has } from "./families.js";

/** @type {Record<string, string>} */
export const DATA = {
  ring: "Ring", grid: "Grid", spiral: "Spiral", moons: "Moons", two_gaussians: "Two Gaussians", line: "Line",
  checkerboard: "Checkerboard", swiss_roll: "Swiss roll", drawn: "Drawn by hand",
};

/** @type {Record<string, string>} */
export const LAYERS = {
  data: "Data", samples: "Samples", critic: "Critic", arrows: "Arrows", manifold: "Manifold", latent: "Latent plane",
};

const SPEEDS = [["slow", "Slow motion"], ["10", "10 steps/s"], ["50", "50 steps/s"], ["full", "As fast as it goes"]];

/** @param {string} letter */
const key = (letter) => make("kbd", { "aria-hidden": "true" }, letter);

/**
 * What each control does.
 *
 * @typedef {object} Acts
 * @property {(scene: playground.Scene) => void} scene
 * @property {(name: string) => void} data
 * @property {() => void} draw
 * @property {(model: playground.Model) => void} model
 * @property {() => void} run
 * @property {(player: "" | "critic" | "maker") => void} step
 * @property {() => void} reset
 * @property {(speed: string) => void} speed
 * @property {(layer: string) => void} layer
 * @property {() => void} save
 * @property {(file: File) => void} load
 * @property {() => void} gif
 * @property {() => void} link
 * @property {() => void} help
 */

export class Bar {
  /**
   * @param {playground.Scene[]} scenes
   * @param {Acts} act
   * @param {boolean} takesFiles Whether a saved playground can be loaded.
   */
  constructor(scenes, act, takesFiles) {
    this.scenes = scenes.map((scene) =>
      make("button", { className: "chip", type: "button", title: scene.look, onclick: () => act.scene(scene) }, scene.title));
    this.names = scenes.map((scene) => scene.name);
    this.running = false;
    this.data = make("select", { "aria-label": "Distribution", onchange: () => act.data(this.data.value) },
      ...Object.entries(DATA).map(([value, title]) => make("option", { value }, title)));
    this.pen = make("button", { type: "button", onclick: act.draw, title: "Draw a distribution by hand" }, "✎ Draw");
    this.models = Object.entries(FAMILIES).map(([model, family]) =>
      make("button", { className: "model", type: "button", "data-model": model, onclick: () => act.model(model) },
        make("span", { "aria-hidden": "true" }, family.glyph), ` ${family.title}`));
    this.run = make("button", { className: "primary", type: "button", onclick: act.run }, "Run");
    this.step = make("button", { type: "button", onclick: () => act.step(""), title: "One step of every model (S)" }, "Step", key("S"));
    this.critic = make("button", { type: "button", onclick: () => act.step("critic"), title: "One update of the critic alone (C)" }, "Critic only", key("C"));
    this.maker = make("button", { type: "button", onclick: () => act.step("maker"), title: "One update of the generator alone; for a VAE-GAN, of encoder and decoder (G)" }, "Generator only", key("G"));
    this.reset = make("button", { type: "button", onclick: act.reset, title: "Restart training with the same settings (R)" }, "Reset", key("R"));
    this.speed = make("select", { "aria-label": "Speed", onchange: () => act.speed(this.speed.value) },
      ...SPEEDS.map(([value, title]) => make("option", { value }, title)));
    this.layers = Object.entries(LAYERS).map(([layer, title]) =>
      make("button", { type: "button", "data-layer": layer, onclick: () => act.layer(layer) }, title));
    this.gif = make("button", { type: "button", onclick: act.gif, title: "The recorded history as an animated picture" }, "GIF");
    this.files = this.fileRow(act, takesFiles);
    this.element = make("div", { className: "above" },
      group("Scenes", this.scenes),
      make("div", { className: "bar" },
        group("Data", [this.data, this.pen]), group("Models", this.models), group("Show", this.layers)),
      make("div", { className: "bar", role: "toolbar", "aria-label": "Training" },
        make("div", { className: "row" }, this.run, this.step, this.critic, this.maker, this.reset, this.speed), this.files));
  }

  /** @param {Acts} act @param {boolean} takesFiles */
  fileRow(act, takesFiles) {
    const file = make("input", { type: "file", accept: ".json,application/json", className: "unseen", tabIndex: -1, "aria-label": "Saved playground" });
    file.addEventListener("change", () => {
      if (file.files?.[0]) act.load(file.files[0]);
      file.value = "";
    });
    return make("div", { className: "row" },
      make("button", { type: "button", onclick: act.save, title: "Settings, weights and curves as a file" }, "Save"),
      ...(takesFiles ? [make("button", { type: "button", onclick: () => file.click(), title: "Continue from a saved file" }, "Load"), file] : []),
      this.gif,
      make("button", { type: "button", onclick: act.link, title: "Copy the address: it holds all settings" }, "Copy link"),
      make("button", { type: "button", onclick: act.help, "aria-label": "Keys and help" }, "?"));
  }

  /**
   * Bring all of it up to date.
   *
   * @param {playground.Scenario} scenario
   * @param {boolean} running
   * @param {string} scene Name of the one that is open.
   * @param {boolean} reachable Whether there is a line to the server.
   * @param {boolean} dark
   */
  show(scenario, running, scene, reachable, dark) {
    this.scenes.forEach((chip, index) => chip.setAttribute("aria-pressed", String(this.names[index] === scene)));
    this.data.value = scenario.data;
    for (const button of this.models) {
      const model = button.dataset.model ?? "";
      button.setAttribute("aria-pressed", String(scenario.models.includes(model)));
      button.style.setProperty("--family", familyColour(model, dark));
      button.title = scenario.models.includes(model) ? "Remove" : "Add; training of all restarts, so that all have seen the same data";
    }
    const judged = scenario.models.some((model) => has(model, "critic"));
    for (const button of this.layers) {
      const layer = button.dataset.layer ?? "";
      button.setAttribute("aria-pressed", String(scenario.show.includes(layer)));
      const there = layer === "latent" ? scenario.models.some((model) => has(model, "encoder"))
        : layer === "critic" || layer === "arrows" ? judged : true;
      button.disabled = !there;
    }
    this.critic.disabled = this.maker.disabled = !judged || !reachable;
    this.run.disabled = this.step.disabled = this.reset.disabled = !reachable;
    this.running = running;
    this.run.replaceChildren(running ? "❚❚ Pause" : "▶ Run");
    this.run.setAttribute("aria-keyshortcuts", "Space");
    this.speed.value = scenario.speed;
  }
}

/** @param {string} label @param {HTMLElement[]} items */
const group = (label, items) => make("div", { className: "row", role: "group", "aria-label": label }, make("span", { className: "label" }, label), ...items);

/** Models that have a key of their own: layers begin with the next. */
export const WITH_KEYS = 3;

const ADD = "add or remove";
const KEYS = [
  ["Space", "run or pause"], ["S", "one step"], ["C", "one update of the critic"], ["G", "one update of the generator"],
  ["R", "restart training"], ["← →", "look back and forth in the recorded history"], ["L", "back to now"],
  ["1 2 3", ADD], ["4 – 9", "show or hide data, samples, critic, arrows, manifold, latent plane"],
  ["?", "this list"],
];

/** @param {HTMLElement} root Where the dialog is put. */
export function openHelp(root) {
  const dialog = make("dialog", { className: "help", "aria-label": "Keys and help" });
  const close = () => dialog.remove(), first = Object.values(FAMILIES).slice(0, WITH_KEYS).map((family) => family.title);
  dialog.append(
    make("h2", {}, "Keys"),
    make("dl", {}, ...KEYS.flatMap(([name, what]) => [make("dt", {}, make("kbd", { className: "key" }, name)), make("dd", {}, what === ADD ? `${what} ${first.join(", ")}` : what)])),
    make("p", {}, "Models train in this browser while the page is in view, and pause when it is not; those that it cannot train, the server trains. Save keeps a session as a file, and the address holds its settings."),
    make("button", { className: "primary", type: "button", onclick: close }, "Close"));
  dialog.addEventListener("cancel", close);
  root.append(dialog);
  dialog.showModal();
}
