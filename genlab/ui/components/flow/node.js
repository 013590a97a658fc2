// One node of the way: its frame, its drawing, its name, and the wire that leads to it.

import { make } from "../dom.js";
import { css, rgb } from "../colours.js";
import { count, plain } from "../numbers.js";
import { difference, gradient, latent, maps, picture, posterior, scores } from "./art.js";
import { sides, writer } from "./script.js";

/** Networks narrow towards codes and scores, and widen towards pictures. @type {Partial<Record<flow.NodeName, string>>} */
const NETWORKS = { encoder: "narrows", critic: "narrows", decoder: "widens" };

export class FlowNode {
  /**
   * @param {flow.NodeName} name
   * @param {flow.Path} path
   * @param {boolean} first
   */
  constructor(name, path, first) {
    this.name = name;
    this.path = path;
    this.wire = make("span", { className: "wire", "aria-hidden": "true" }, make("i"));
    this.art = make("div", { className: "art" });
    this.box = make("div", { className: `box ${NETWORKS[name] ?? "thing"}` }, this.art);
    this.title = make("b");
    this.number = make("i", { className: "badge", hidden: true });
    this.note = make("span");
    this.figure = make("figure", { className: "node", role: "img", dataset: { node: name, state: "ahead" } }, this.box, make("figcaption", {}, this.number, this.title, this.note));
    this.element = make("div", { className: "hop" }, first ? null : this.wire, this.figure);
    this.canvas = make("canvas");
    this.second = make("canvas", { className: "second" });
    this.list = make("dl");
  }

  /**
   * Draw it.
   *
   * @param {flow.Document} document
   * @param {flow.Choice} choice
   * @param {flow.Data} data
   */
  draw(document, choice, data) {
    const ink = inkOf(this.figure, data), { title, note, words } = this.said(document, choice, data);
    this.title.textContent = title;
    this.note.textContent = note;
    this.number.textContent = String(data.numbers[this.name] ?? "");
    this.number.hidden = !data.numbers[this.name];
    this.figure.setAttribute("aria-label", words);
    if (choice.path === "reconstruct") this.reconstruct(document, choice, ink);
    else this.generate(document, choice, ink);
  }

  /** @param {...Node} parts */
  fill(...parts) {
    if (parts.length !== this.art.childNodes.length || parts.some((part, i) => part !== this.art.childNodes[i])) this.art.replaceChildren(...parts);
  }

  /** @param {flow.Document} document @param {flow.Choice} choice @param {import("./art.js").Ink} ink */
  reconstruct(document, choice, ink) {
    const item = document.items[choice.item], draw = item.draws[choice.draw], { canvas, second, name } = this;
    this.fill(...(name === "losses" ? [this.list] : name === "result" ? [canvas, second] : [canvas]));
    if (name === "picture") picture(canvas, item.picture, document.shape);
    if (name === "encoder") this.layers(document.encoder ?? [], item.layers, ink);
    if (name === "code") posterior(canvas, item, ink);
    if (name === "noise") latent(canvas, draw.z, ink, { mean: item.mean });
    if (name === "decoder") this.layers(document.decoder, draw.layers, ink);
    if (name === "result") {
      picture(canvas, draw.picture, document.shape);
      difference(second, draw.picture, item.picture, document.shape, ink.dark);
    }
    if (name === "losses") this.lose(item, draw);
  }

  /** @param {flow.Document} document @param {flow.Choice} choice @param {import("./art.js").Ink} ink */
  generate(document, choice, ink) {
    const sample = document.samples[choice.sample], { canvas, second, name } = this;
    this.fill(...(sample.gradient !== null && name === "picture" || sample.pull.length && name === "latent" ? [canvas, second] : [canvas]));
    if (name === "latent") {
      latent(canvas, sample.z, ink);
      if (sample.pull.length) latent(second, sample.z, ink, { pull: sample.pull });
    }
    if (name === "decoder") this.layers(document.decoder, sample.layers, ink);
    if (name === "picture") {
      picture(canvas, sample.picture, document.shape);
      if (sample.gradient !== null) gradient(second, sample.gradient, document.shape, ink.dark);
    }
    if (name === "critic") this.layers(document.critic ?? [], sample.critic_layers, ink);
    if (name === "scores" && sample.score !== null) {
      const reals = document.items.flatMap(({ score }) => (score === null ? [] : [score]));
      const real = sample.against === null ? null : document.items[sample.against];
      const marks = [{ score: sample.score, picture: sample.picture, words: "made", colour: css(ink.family) }];
      if (real && real.score !== null) marks.push({ score: real.score, picture: real.picture, words: "real", colour: ink.real });
      scores(canvas, reals, marks, document.shape, ink);
    }
  }

  /** @param {flow.Layer[]} layers @param {string} text @param {import("./art.js").Ink} ink */
  layers(layers, text, ink) {
    maps(this.canvas, layers, text, ink);
  }

  /** @param {flow.Item} item @param {flow.Draw} draw */
  lose(item, draw) {
    const kl = item.total_kl ?? 0, { nats } = draw, most = Math.max(kl, nats ?? 0) || 1;
    /** @param {string} term @param {number} value @param {string} unit @param {number | null} share */
    const line = (term, value, unit, share) => [
      make("dt", { textContent: term }),
      make("dd", {}, make("b", { textContent: plain(value) }), ` ${unit}`, share === null ? null : make("i", { style: `--share: ${share}` })),
    ];
    this.list.replaceChildren(
      ...(nats === null ? line("reconstruction", draw.mse, "squared error", null) : line("reconstruction", nats, "nats", nats / most)),
      ...line("KL", kl, "nats", nats === null ? null : kl / most),
      ...(draw.loss === null ? [] : line("loss", draw.loss, nats === null ? "" : "nats", null)),
    );
  }

  /** What it is called, how large it is, and what it shows, for those who do not see it. @param {flow.Document} document @param {flow.Choice} choice @param {flow.Data} data */
  said(document, choice, data) {
    const parameters = data.parameters[this.name], note = parameters ? `${count(parameters)} weights` : "";
    const name = writer(document), item = document.items[choice.item], sample = document.samples[choice.sample];
    const called = data.one.charAt(0).toUpperCase() + data.one.slice(1);
    /** @type {Record<flow.NodeName, [title: string, note: string, words: string]>} */
    const all = {
      picture: choice.path === "reconstruct"
        ? [called, item?.label ? `held out, class ${item.label}` : "held out", `A held-out ${data.one}${item?.label ? ` of the class ${item.label}` : ""}`]
        : [`New ${data.one}`, sides(document.shape, data.frames).join(" × "), `A new ${data.one}, made of the latent${sample.gradient === null ? "" : ", and which way the critic would change it"}`],
      encoder: ["Encoder", note, "Encoder: maps of its layers, smaller and smaller"],
      code: ["μ and σ", `${document.latent_dim} numbers each`, "The posterior: mean and width of each number of the code"],
      noise: ["z = μ + σ · ε", "one draw of ε", "The code: a bar for each number, a tick at its mean"],
      latent: ["Latent z", `${document.latent_dim} numbers`, "The latent: a bar for each number"],
      decoder: [name.charAt(0).toUpperCase() + name.slice(1), note, `${name}: maps of its layers, larger and larger`],
      result: ["Reconstruction", "and what differs", "The reconstruction, and where it differs from the picture"],
      critic: ["Critic", note, "Critic: maps of its layers, smaller and smaller"],
      scores: ["Score", "higher is more real", "The critic's scores of this picture and of real ones"],
      losses: ["Two losses", "of this very picture", "Reconstruction error and KL of this picture"],
    };
    const [title, under, words] = all[this.name];
    return { title, note: under, words };
  }
}

/** @param {Element} element @param {flow.Data} data @returns {import("./art.js").Ink} */
function inkOf(element, { mode, colour }) {
  const dark = mode === "dark", text = getComputedStyle(element).color, [r, g, b] = rgb(text);
  return { text, quiet: `rgba(${r},${g},${b},0.45)`, line: `rgba(${r},${g},${b},0.1)`, family: rgb(colour[mode]), real: dark ? "#b4b4b4" : "#767676", dark };
}

