// What happens, step by step, in words and numbers: made of the document alone, without a page.

import { plain } from "../numbers.js";

/** The ways through a model that a document shows. @param {flow.Document} document @returns {flow.Path[]} */
export const pathsOf = (document) => (document.encoder ? ["reconstruct", "generate"] : ["generate"]);

/** A decoder that only ever has a critic to please is called a generator. @param {flow.Document} document */
export const writer = (document) => (document.critic && !document.encoder ? "generator" : "decoder");

/**
 * The nodes of a way, from left to right.
 *
 * @param {flow.Document} document
 * @param {flow.Path} path
 * @returns {flow.NodeName[]}
 */
export function nodesOf(document, path) {
  if (path === "reconstruct") return ["picture", "encoder", "code", "noise", "decoder", "result", "losses"];
  return ["latent", "decoder", "picture", ...(document.critic ? /** @type {const} */ (["critic", "scores"]) : [])];
}

/**
 * The steps of a way.
 *
 * @param {flow.Document} document
 * @param {flow.Choice} choice
 * @param {flow.Data} data
 * @returns {flow.Step[]}
 */
export function stepsOf(document, choice, data) {
  return choice.path === "reconstruct" ? reconstructing(document, choice, data) : generating(document, choice, data);
}

/**
 * The choice after the next draw of the noise; after the last one comes the next item.
 *
 * @param {flow.Document} document
 * @param {flow.Choice} choice
 * @returns {flow.Choice}
 */
export function following(document, choice) {
  if (choice.path === "generate") return { ...choice, sample: (choice.sample + 1) % document.samples.length };
  const draws = document.items[choice.item].draws.length, draw = (choice.draw + 1) % draws;
  return draw ? { ...choice, draw } : { ...choice, draw, item: (choice.item + 1) % document.items.length };
}

/** Height and width of an item: of one frame, where a picture is a sheet of them. @param {Shape} shape @param {number} frames */
export function sides([, height, width], frames) {
  const across = Math.ceil(Math.sqrt(frames));
  return [height / Math.ceil(frames / across), width / across];
}

/** @param {Shape} shape @param {flow.Data} data */
function size(shape, { frames }) {
  const pixels = `${sides(shape, frames).join(" × ")}${shape[0] === 3 ? " pixels in three colours" : " pixels"}`;
  return frames > 1 ? `${frames} frames of ${pixels}` : pixels;
}

/** "14 × 14 and 7 × 7 maps, then 256 units". @param {flow.Layer[]} layers */
export function layersInWords(layers) {
  const parts = layers.map(({ height, width, of }) => (height === 1 ? `${of} units` : `${of} maps of ${height} × ${width}`));
  return parts.length ? parts.join(", then ") : "its layers";
}

/** @param {string | null} label @param {flow.Data} data */
const held = (label, data) => (label === null ? `${data.one}` : `${data.one} of the class ${label}`);

/** @param {string} text */
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * @param {flow.NodeName} node
 * @param {string} title
 * @param {string} words
 * @param {string} [value]
 * @param {string} [unit]
 * @param {boolean} [back]
 * @returns {flow.Step}
 */
const step = (node, title, words, value = "", unit = "", back = false) => ({ node, back, title, words, value, unit });

/**
 * @param {flow.Document} document
 * @param {flow.Choice} choice
 * @param {flow.Data} data
 * @returns {flow.Step[]}
 */
function reconstructing(document, choice, data) {
  const item = document.items[choice.item], draw = item.draws[choice.draw], dim = document.latent_dim;
  const wide = item.sigma.filter((sigma) => sigma > 0.9).length, all = item.sigma.length;
  const kl = plain(item.total_kl ?? 0);
  return [
    step("picture", `A held-out ${data.one} goes in`, `${capital(size(document.shape, data))}${item.label === null ? "" : `, of the class ${item.label}`}. The model never learned from it.`),
    step("encoder", "The encoder reads it", `The picture becomes ${layersInWords(document.encoder ?? [])}. Brighter where a map answers.`),
    step("code", "It answers with a distribution", `For each of ${dim} numbers a mean μ and a width σ. ${wide} of ${all === dim ? "them" : `the ${all} shown`} stay almost as wide as the prior: they carry no information about this ${data.one}. What the others carry costs`, kl, "nats of KL"),
    step("noise", "Noise is drawn, and the code with it", `z = μ + σ · ε, with ε from N(0, 1). The noise comes from outside the network, so the gradient passes through μ and σ.`, plain(length(draw.noise)), document.dimensions.length === dim ? "length of ε" : "length of the ε shown"),
    step("decoder", "The decoder unfolds the code", `z becomes ${layersInWords(document.decoder)}, and these the picture.`),
    step("result", "The reconstruction", `Beside it what differs: red where it is too bright, blue where it is too dark.`, plain(draw.mse), "mean squared error"),
    losses(document, item, draw, kl),
  ];
}

/**
 * @param {flow.Document} document
 * @param {flow.Item} item
 * @param {flow.Draw} draw
 * @param {string} kl
 */
function losses(document, item, draw, kl) {
  const judged = item.score !== null && draw.score !== null
    ? ` The critic gives the reconstruction ${plain(draw.score)} and the picture itself ${plain(item.score)}.` : "";
  const loss = draw.loss === null ? "" : plain(draw.loss);
  if (draw.nats !== null) {
    const sum = Math.abs(draw.nats + (item.total_kl ?? 0) - (draw.loss ?? Infinity)) < 1e-3 * Math.abs(draw.loss ?? 1);
    const words = `Reconstruction: ${plain(draw.nats)} nats, minus the log-likelihood of the picture (${document.likelihood}). KL: ${kl} nats. ${sum ? "Their sum is the loss of this picture, and minus the sum is its ELBO" : "The objective weighs and adds them to the loss of this picture"}.`;
    return step("losses", "Two losses pull at it", words + judged, loss, loss && "nats of loss");
  }
  const { "reconstruction/features": features } = draw.terms;
  const seen = features === undefined ? "" : ` In the critic's features ${plain(features)} of the variance is unexplained.`;
  const words = `Reconstruction: a mean squared error of ${plain(draw.mse)}.${seen} KL: ${kl} nats.${judged}`;
  return step("losses", "Two losses pull at it", words, loss, loss && "loss of the encoder");
}

/**
 * @param {flow.Document} document
 * @param {flow.Choice} choice
 * @param {flow.Data} data
 * @returns {flow.Step[]}
 */
function generating(document, choice, data) {
  const sample = document.samples[choice.sample], name = writer(document), dim = document.latent_dim;
  const told = sample.label === null ? "" : ` The model is told the class ${sample.label}.`;
  const first = [
    step("latent", "A latent is drawn", `${dim} numbers from N(0, 1), and nothing else: no picture goes in.${told}`, plain(length(sample.z)), document.dimensions.length === dim ? "length of z" : "length of the z shown"),
    step("decoder", `The ${name} unfolds it`, `z becomes ${layersInWords(document.decoder)}, and these a picture.`),
    step("picture", `A new ${data.one}`, `${capital(size(document.shape, data))} that no data set holds.${document.critic ? "" : " Nobody judges it here: this family has no critic, or it was left out of the checkpoint."}`),
  ];
  return document.critic && sample.score !== null ? [...first, ...judging(document, sample, data, name)] : first;
}

/**
 * @param {flow.Document} document
 * @param {flow.Sample} sample
 * @param {flow.Data} data
 * @param {string} name
 * @returns {flow.Step[]}
 */
function judging(document, sample, data, name) {
  const real = sample.against === null ? null : document.items[sample.against];
  const beside = real?.score === null || real === null ? "" : ` The real ${held(real.label, data)} beside it scores ${plain(real.score)}.`;
  const found = [
    step("critic", "The critic reads it", `The picture becomes ${layersInWords(document.critic ?? [])}, as real ones do.`),
    step("scores", "A score: how real it looks", `Higher is more real.${beside}`, plain(sample.score ?? 0), "score"),
  ];
  if (sample.loss === null) return found;
  const back = sample.largest === null ? "" : plain(sample.largest);
  return [
    ...found,
    step("scores", `What the ${name} loses`, `The loss (${document.loss}) is small where the critic is fooled. It is all that the ${name} learns from.`, plain(sample.loss), "loss"),
    step("picture", "The gradient comes back through the critic", `${sample.gradient === null ? `It says of every value of the ${data.one} which way to change it.` : "Red: brighter would score higher. Blue: darker would."} At most`, back, "loss per unit of a value", true),
    step("latent", `And on through the ${name}`, `The arrows say which way each number of z would have to go. In training z stays: the same gradient moves the weights on its way.`, plain(sample.length ?? 0), "length of the gradient", true),
  ];
}

/** @param {number[]} values */
const length = (values) => Math.hypot(...values);
