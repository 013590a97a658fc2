// What is on the picture, what it does right now, and its number: one sentence for each layer that is shown.

import { count, number, percent, share } from "../numbers.js";
import { FAMILIES, has } from "./families.js";

/** @type {Record<string, string>} */
const LOSSES = {
  relativistic: "relativistic", non_saturating: "non-saturating", minimax: "minimax",
  hinge: "hinge", least_squares: "least-squares", wasserstein: "Wasserstein",
};

/** @type {Record<string, string>} */
const PENALTIES = {
  none: "no penalty", r1: "R1", r2: "R2", r1_r2: "R1 + R2", gradient_penalty: "the gradient penalty", dragan: "DRAGAN",
};

/** @typedef {Pick<playground.World, "floor" | "modes">} World */
/** @typedef {{ picture: Pick<playground.Picture, "models">, row: playground.Row }} Moment */
/** What a picture says of a model. @typedef {(model: playground.Model) => playground.Facts} Of */

/**
 * Sentences for what is shown, of now or of the past.
 *
 * @param {playground.Scenario} scenario
 * @param {World} world
 * @param {Moment} moment
 * @param {Set<string>} show Layers.
 * @returns {playground.Sentence[]}
 */
export function explain(scenario, world, moment, show) {
  /** @type {(playground.Sentence | null)[]} */
  const said = [];
  const models = scenario.models.filter((model) => moment.picture.models[model]);
  /** @type {Of} */
  const of = (model) => moment.picture.models[model];
  const judged = models.filter((model) => has(model, "critic"));
  const coded = models.filter((model) => has(model, "encoder"));
  for (const model of models) {
    const broken = of(model).diverged;
    if (broken) said.push({ title: FAMILIES[model].title, text: `${broken[0]} ${broken[1]}`, bad: true });
  }
  if (show.has("samples")) said.push(samples(world, moment, models));
  if (show.has("critic") && judged.length) said.push(critic(scenario, judged, of));
  if (show.has("arrows") && judged.length) said.push(arrows(scenario, judged, of));
  if (show.has("manifold")) {
    const dims = scenario.latent_dim;
    const what = dims === 1 ? "the latent line" : dims === 2 ? "a grid of the prior" : "the first two latent dimensions";
    said.push({
      title: "Manifold",
      text: `How ${what} is mapped into the data's plane. Every cell has the same probability under the prior: small cells are where samples are dense, stretched ones bridge modes.`,
    });
  }
  if (show.has("latent") && coded.length) said.push(latent(scenario, coded, of));
  return said.filter((each) => each !== null);
}

/** A value of each model behind its glyph. @param {playground.Model[]} models @param {(model: playground.Model) => string} read */
const values = (models, read) => models.map((model) => `${FAMILIES[model].glyph} ${read(model)}`).join("  ");

/**
 * @param {World} world
 * @param {Moment} moment
 * @param {playground.Model[]} models
 */
function samples(world, moment, models) {
  /** @param {playground.Model} model */
  const read = (model) => {
    const found = moment.row.models[model];
    if (!found) return "–";
    return `${modesOf(found, world)}JS ${number(found.js)} nats`;
  };
  const means = models.map((model) => FAMILIES[model].samples).filter(Boolean).map((sentence) => ` ${sentence}`).join("");
  return { title: "Samples", text: `Where 512 fixed latents land. ${values(models, read)} (real against real: JS ${number(world.floor.js)}).${means}` };
}

/** @param {playground.Scenario} scenario @param {playground.Model[]} judged @param {Of} of */
function critic(scenario, judged, of) {
  const right = Math.max(...judged.map((model) => of(model).told_apart ?? 0));
  const meaning = judged.some((model) => of(model).told_apart === undefined) ? ""
    : right > 0.9 ? "It is almost always right: such a critic often gives no useful gradient."
    : right < 0.6 ? "It can hardly separate the two: its surface is flat where samples cover the data."
    : "It still finds differences, and the slope of its surface is what samples follow.";
  const packing = judged.find((model) => FAMILIES[model].knobs.includes("pack"));
  const packs = scenario.pack > 1 && packing ? ` The ${FAMILIES[packing].title}'s critic judges ${scenario.pack} points at once; here each place is shown together with real ones.` : "";
  return {
    title: "Critic",
    text: `Gold: judged real; violet: judged generated. Critic accuracy: ${values(judged, (model) => percent(of(model).told_apart))} (50 % is guessing). ${meaning}${packs}`,
  };
}

/** @param {playground.Scenario} scenario @param {playground.Model[]} judged @param {Of} of */
function arrows(scenario, judged, of) {
  const pull = Math.max(...judged.map((model) => of(model).pull ?? 0));
  const meaning = judged.some((model) => of(model).pull === undefined) ? ""
    : pull < 0.01 ? "The gradient has almost vanished: the generator cannot learn from this critic."
    : pull > 3 ? "The gradients are large: samples jump, and may run in circles."
    : "Long arrows move far in the next step.";
  const held = scenario.penalty === "none" ? "No gradient penalty." : `${capital(PENALTIES[scenario.penalty])} of strength ${number(scenario.weight)} keeps them short near data.`;
  return {
    title: "Arrows",
    text: `Gradient on each sample: the direction that lowers the ${LOSSES[scenario.loss]} loss. Mean length ${values(judged, (model) => number(of(model).pull))}. ${meaning} ${held}`,
  };
}

/** @param {playground.Scenario} scenario @param {playground.Model[]} coded @param {Of} of */
function latent(scenario, coded, of) {
  const known = coded.flatMap((model) => {
    const { kl, holes } = of(model);
    return kl ? [{ model, kl, holes }] : [];
  });
  if (!known.length) return null;
  const least = Math.min(...known.map(({ kl }) => Math.max(...kl)));
  const meaning = least < 0.05 ? "The posterior has collapsed onto the prior: the code carries no information about the data."
    : scenario.beta > 3 ? `The KL term is weighted × ${number(scenario.beta)}.`
    : "Each ellipse is the posterior of one point.";
  const sum = known.map(({ model, kl, holes }) => {
    const total = kl.reduce((all, value) => all + value, 0);
    return `${FAMILIES[model].glyph} ${number(total)} nats of code, ${percent(holes)} of the prior empty`;
  });
  return { title: "Latent plane", text: `Encoded data, one and two standard deviations of the prior (dashed), and its holes (grey). ${sum.join("  ")}. ${meaning}` };
}

/**
 * A mode is hit by a single sample, so that how many samples are near one is said with it.
 *
 * @param {playground.Measures} found
 * @param {World} world
 */
const modesOf = (found, world) => (world.modes ? `${found.modes} of ${world.modes} modes hit, ${share(found.near)} of samples near one, ` : "");

/**
 * What a scene is about, as it stands at this moment: each sign with its number, and whether it is there.
 *
 * @param {Pick<playground.Scene, "signs">} scene
 * @param {Moment} moment
 */
export function confirm(scene, moment) {
  return scene.signs.flatMap((sign) => {
    const value = measured(sign, moment);
    if (value === null || value === undefined) return [];
    const there = moment.row.step >= sign.after && (sign.least === null || value >= sign.least) && (sign.most === null || value <= sign.most);
    const wanted = sign.least === null ? `at most ${scaled(sign, sign.most)}` : `at least ${scaled(sign, sign.least)}`;
    return [{ text: `${sign.words.replace("{}", scaled(sign, value))} (watch for ${wanted})`, there }];
  });
}

/**
 * The number of a sign, if it is known.
 *
 * @param {playground.Sign} sign
 * @param {Moment} moment
 */
function measured({ model, measure }, moment) {
  const row = moment.row.models[model], facts = moment.picture.models[model];
  if (measure === "told_apart" || measure === "pull") return facts?.[measure];
  if (measure !== "kl_least" && measure !== "kl_most") return row?.[measure];
  if (!facts?.kl?.length) return null;
  return measure === "kl_least" ? Math.min(...facts.kl) : Math.max(...facts.kl);
}

/** @param {playground.Sign} sign @param {number | null} value */
function scaled({ measure, words }, value) {
  if (measure === "modes") return String(value);
  return words.includes("{} %") ? String(Math.round(100 * (value ?? 0))) : number(value);
}

/** @param {string} text */
const capital = (text) => text[0].toUpperCase() + text.slice(1);

/**
 * The state in words, for those who do not see the picture.
 *
 * @param {playground.Scenario} scenario
 * @param {World} world
 * @param {Moment} moment
 * @param {boolean} running
 * @param {boolean} looking Whether that is in the past.
 */
export function describe(scenario, world, moment, running, looking) {
  const models = scenario.models.map((model) => {
    const found = moment.row.models[model];
    if (!found) return "";
    return `${FAMILIES[model].title}: ${modesOf(found, world)}Jensen-Shannon divergence ${number(found.js)} nats.`;
  });
  const state = looking ? "Looking back" : running ? "Running" : "Paused";
  return `${state} at step ${count(moment.row.step)}. ${models.join(" ")}`;
}
