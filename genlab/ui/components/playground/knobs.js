// The knobs: one control for each setting, in groups; those that no model on the page has are not shown.

import { make } from "../dom.js";
import { number } from "../numbers.js";
import { heeds } from "./families.js";

/** @type {[title: string, knobs: [name: string, label: string][]][]} */
const GROUPS = [
  ["Critic against generator", [
    ["loss", "Loss"], ["penalty", "Penalty"], ["weight", "Penalty strength"],
    ["critic_lr", "Critic's learning rate"], ["generator_lr", "Generator's learning rate"],
    ["critic_repeats", "Critic updates per step"], ["generator_repeats", "Generator updates per step"], ["momentum", "Momentum"],
  ]],
  ["Encoder and decoder", [
    ["beta", "Beta"], ["sigma", "Decoder noise"], ["vae_lr", "VAE's learning rate"],
  ]],
  ["Data", [["noise", "Noise on the data"], ["batch_size", "Batch"]]],
  ["Restarts training", [
    ["latent_dim", "Latent dimensions"], ["layers", "Hidden layers"], ["width", "Width"],
    ["pack", "Packing"], ["seed", "Seed"],
  ]],
];

/** @type {Record<string, string>} */
const WORDS = {
  relativistic: "Relativistic", non_saturating: "Non-saturating", minimax: "Minimax", hinge: "Hinge",
  least_squares: "Least squares", wasserstein: "Wasserstein", none: "None", r1: "R1", r2: "R2", r1_r2: "R1 + R2",
  gradient_penalty: "Gradient penalty", dragan: "DRAGAN",
};

// Logarithmic sliders run over whole steps from `low` to `high`, with 0 at the far left where it is allowed.
/** @type {Record<string, [low: number, high: number]>} */
const LOG = { critic_lr: [1e-5, 0.1], generator_lr: [1e-5, 0.1], vae_lr: [1e-5, 0.1], beta: [0.01, 100], weight: [0.01, 100] };
const STEPS = 48;
/** @type {Record<string, [low: number, high: number, step: number]>} */
const SPANS = { sigma: [0, 2, 0.05], noise: [0, 0.5, 0.01], momentum: [0, 0.95, 0.05] };

/** @typedef {{ row: HTMLElement, set: (value: unknown) => void }} Control */

export class Knobs {
  /**
   * @param {Record<string, playground.Field>} fields
   * @param {(changes: playground.Changes) => void} onChange
   */
  constructor(fields, onChange) {
    this.fields = fields;
    this.onChange = onChange;
    /** Rows by setting. */
    this.controls = new Map(/** @type {[string, Control][]} */ ([]));
    /** Groups with the settings in them. @type {{ group: HTMLElement, knobs: string[] }[]} */
    this.groups = [];
    this.element = make("div", { className: "knobs" });
    for (const [title, knobs] of GROUPS) {
      const rows = knobs.map(([name, label]) => this.knob(name, label));
      const group = make("fieldset", {}, make("legend", {}, title), ...rows);
      this.groups.push({ group, knobs: knobs.map(([name]) => name) });
      this.element.append(group);
    }
  }

  /** @param {string} name @param {string} label */
  knob(name, label) {
    const field = this.fields[name];
    const output = make("output", {});
    const id = `knob-${name}`;
    const control = field.choices ? this.select(name, field.choices, id) : this.slider(name, field, id, output);
    const row = make("div", { className: "knob", title: field.why },
      make("label", { for: id }, label), field.choices ? null : output, control.element);
    this.controls.set(name, { row, set: control.set });
    return row;
  }

  /** @param {string} name @param {string[]} choices @param {string} id */
  select(name, choices, id) {
    const element = make("select", { id, onchange: () => this.onChange({ [name]: element.value }) },
      ...choices.map((value) => make("option", { value }, WORDS[value] ?? value)));
    return { element, set: (/** @type {unknown} */ value) => { element.value = String(value); } };
  }

  /**
   * @param {string} name
   * @param {playground.Field} field
   * @param {string} id
   * @param {HTMLOutputElement} output
   */
  slider(name, field, id, output) {
    const log = LOG[name];
    const [low, high, step] = log ? [0, STEPS, 1] : SPANS[name] ?? [field.ge ?? 0, name === "seed" ? 99 : (field.le ?? 1), field.step ?? 1];
    /** @param {number} place */
    const value = (place) => (log ? (place <= 0 && field.ge === 0 ? 0 : rounded(log[0] * (log[1] / log[0]) ** (place / STEPS))) : place);
    /** @param {number} shown */
    const place = (shown) => (log ? (shown <= 0 ? 0 : (STEPS * Math.log(shown / log[0])) / Math.log(log[1] / log[0])) : shown);
    /** @param {number} shown */
    const say = (shown) => {
      const text = name === "sigma" && shown === 0 ? "fitted to errors" : field.integer ? String(shown) : number(shown);
      output.textContent = text;
      element.setAttribute("aria-valuetext", text);
    };
    const element = make("input", { id, type: "range", min: String(low), max: String(high), step: String(step) });
    element.addEventListener("input", () => {
      const now = value(Number(element.value));
      say(now);
      this.onChange({ [name]: now });
    });
    /** @param {unknown} setting */
    const set = (setting) => {
      const shown = Number(setting), root = /** @type {Document | ShadowRoot} */ (element.getRootNode());
      if (root.activeElement !== element || element.dataset.held !== "1") element.value = String(place(shown));
      say(shown);
    };
    element.addEventListener("pointerdown", () => (element.dataset.held = "1"));
    element.addEventListener("pointerup", () => (element.dataset.held = ""));
    return { element, set };
  }

  /** @param {playground.Scenario} scenario */
  show(scenario) {
    /** @param {string} name */
    const heeded = (name) => scenario.models.some((model) => heeds(model, name));
    for (const { group, knobs } of this.groups) group.hidden = !knobs.some(heeded);
    for (const [name, { row, set }] of this.controls) {
      row.hidden = !heeded(name);
      if (name in scenario) set(scenario[name]);
    }
    const weight = this.controls.get("weight");
    if (weight) weight.row.hidden ||= scenario.penalty === "none";
  }
}

/** @param {number} value */
const rounded = (value) => Number(value.toPrecision(2));
