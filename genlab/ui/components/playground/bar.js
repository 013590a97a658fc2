// What stands above the pictures: scenes, distribution and models, the buttons that run and step, and the layers.

import { FAMILIES, familyColour, h } from "./dom.js";

export const DATA = {
  ring: "Ring", grid: "Grid", spiral: "Spiral", moons: "Moons", two_gaussians: "Two Gaussians", line: "Line",
  checkerboard: "Checkerboard", swiss_roll: "Swiss roll", drawn: "Drawn by hand",
};

export const LAYERS = {
  data: "Data", samples: "Samples", critic: "Critic", arrows: "Arrows", manifold: "Manifold", latent: "Latent plane",
};

const SPEEDS = { slow: "Slow motion", 10: "10 steps/s", 50: "50 steps/s", full: "As fast as it goes" };

const key = (letter) => h("kbd", { "aria-hidden": "true" }, letter);

// `act` holds what each control does; `show` brings all of them up to date.
export class Bar {
  constructor(scenes, act, takesFiles) {
    this.scenes = scenes.map((scene) =>
      h("button", { class: "chip", type: "button", title: scene.look, onclick: () => act.scene(scene) }, scene.title));
    this.names = scenes.map((scene) => scene.name);
    this.data = h("select", { "aria-label": "Distribution", onchange: () => act.data(this.data.value) },
      ...Object.entries(DATA).map(([value, title]) => h("option", { value }, title)));
    this.pen = h("button", { type: "button", onclick: act.draw, title: "Draw a distribution by hand" }, "✎ Draw");
    this.models = Object.entries(FAMILIES).map(([model, family]) =>
      h("button", { class: "model", type: "button", "data-model": model, onclick: () => act.model(model) },
        h("span", { "aria-hidden": "true" }, family.glyph), ` ${family.title}`));
    this.run = h("button", { class: "primary", type: "button", onclick: act.run }, "Run");
    this.step = h("button", { type: "button", onclick: () => act.step(""), title: "One step of every model (S)" }, "Step", key("S"));
    this.critic = h("button", { type: "button", onclick: () => act.step("critic"), title: "One update of the critic alone (C)" }, "Critic only", key("C"));
    this.maker = h("button", { type: "button", onclick: () => act.step("maker"), title: "One update of the generator alone; for a VAE-GAN, of encoder and decoder (G)" }, "Generator only", key("G"));
    this.reset = h("button", { type: "button", onclick: act.reset, title: "Restart training with the same settings (R)" }, "Reset", key("R"));
    this.speed = h("select", { "aria-label": "Speed", onchange: () => act.speed(this.speed.value) },
      ...Object.entries(SPEEDS).sort((a, b) => Object.keys(SPEEDS).indexOf(a[0]) - Object.keys(SPEEDS).indexOf(b[0])).map(([value, title]) => h("option", { value }, title)));
    this.layers = Object.entries(LAYERS).map(([layer, title]) =>
      h("button", { type: "button", "data-layer": layer, onclick: () => act.layer(layer) }, title));
    this.files = this.fileRow(act, takesFiles);
    this.element = h("div", {},
      group("Scenes", this.scenes),
      h("div", { class: "bar" },
        group("Data", [this.data, this.pen]), group("Models", this.models), group("Show", this.layers)),
      h("div", { class: "bar", role: "toolbar", "aria-label": "Training" },
        h("div", { class: "row" }, this.run, this.step, this.critic, this.maker, this.reset, this.speed), this.files));
  }

  fileRow(act, takesFiles) {
    const file = h("input", { type: "file", accept: ".json,application/json", class: "unseen", tabindex: "-1", "aria-label": "Saved playground" });
    file.addEventListener("change", () => {
      if (file.files[0]) act.load(file.files[0]);
      file.value = "";
    });
    this.gif = h("button", { type: "button", onclick: act.gif, title: "The recorded history as an animated picture" }, "GIF");
    return h("div", { class: "row" },
      h("button", { type: "button", onclick: act.save, title: "Settings, weights and curves as a file" }, "Save"),
      ...(takesFiles ? [h("button", { type: "button", onclick: () => file.click(), title: "Continue from a saved file" }, "Load"), file] : []),
      this.gif,
      h("button", { type: "button", onclick: act.link, title: "Copy the address: it holds all settings" }, "Copy link"),
      h("button", { type: "button", onclick: act.help, "aria-label": "Keys and help" }, "?"));
  }

  show(scenario, running, scene, reachable, dark) {
    this.scenes.forEach((chip, index) => chip.setAttribute("aria-pressed", String(this.names[index] === scene)));
    this.data.value = scenario.data;
    for (const button of this.models) {
      const model = button.dataset.model;
      button.setAttribute("aria-pressed", String(scenario.models.includes(model)));
      button.style.setProperty("--family", familyColour(model, dark));
      button.title = scenario.models.includes(model) ? "Remove" : "Add; training of all restarts, so that all have seen the same data";
    }
    for (const button of this.layers) {
      const layer = button.dataset.layer;
      button.setAttribute("aria-pressed", String(scenario.show.includes(layer)));
      const has = layer === "latent" ? scenario.models.some((model) => model !== "gan")
        : layer === "critic" || layer === "arrows" ? scenario.models.some((model) => model !== "vae") : true;
      button.disabled = !has;
    }
    const judged = scenario.models.some((model) => model !== "vae");
    this.critic.disabled = this.maker.disabled = !judged || !reachable;
    this.run.disabled = this.step.disabled = this.reset.disabled = !reachable;
    this.run.replaceChildren(running ? "❚❚ Pause" : "▶ Run");
    this.run.setAttribute("aria-keyshortcuts", "Space");
    this.speed.value = scenario.speed;
  }
}

const group = (label, items) => h("div", { class: "row", role: "group", "aria-label": label }, h("span", { class: "label" }, label), ...items);

const KEYS = [
  ["Space", "run or pause"], ["S", "one step"], ["C", "one update of the critic"], ["G", "one update of the generator"],
  ["R", "restart training"], ["← →", "look back and forth in the recorded history"], ["L", "back to now"],
  ["1 2 3", "add or remove VAE, GAN, VAE-GAN"], ["4 – 9", "show or hide data, samples, critic, arrows, manifold, latent plane"],
  ["?", "this list"],
];

export function openHelp(root) {
  const close = h("button", { class: "primary", type: "button", onclick: () => dialog.remove() }, "Close");
  const dialog = h("dialog", { class: "help", "aria-label": "Keys and help" },
    h("h2", {}, "Keys"),
    h("dl", {}, ...KEYS.flatMap(([name, what]) => [h("dt", {}, h("kbd", { class: "key" }, name)), h("dd", {}, what)])),
    h("p", {}, "Models train on this computer while the page is in view, and pause when it is not. Nothing is written to disk; Save keeps a session as a file, and the address holds its settings."),
    close);
  dialog.addEventListener("cancel", () => dialog.remove());
  root.append(dialog);
  dialog.showModal();
}
