// What is on the picture, what it does right now, and its number: one sentence for each layer that is shown.

import { count, number, percent, share } from "../numbers.js";
import { FAMILIES } from "./families.js";

const LOSSES = {
  relativistic: "relativistic", non_saturating: "non-saturating", minimax: "minimax",
  hinge: "hinge", least_squares: "least-squares", wasserstein: "Wasserstein",
};

const PENALTIES = {
  none: "no penalty", r1: "R1", r2: "R2", r1_r2: "R1 + R2", gradient_penalty: "the gradient penalty", dragan: "DRAGAN",
};

// Sentences as {title, text}; `moment` is {picture, row}, of now or of the past.
export function explain(scenario, world, moment, show) {
  const said = [];
  const models = scenario.models.filter((model) => moment.picture.models[model]);
  const of = (model) => moment.picture.models[model];
  const judged = models.filter((model) => model !== "vae");
  const coded = models.filter((model) => model !== "gan");
  const values = (list, read) => list.map((model) => `${FAMILIES[model].glyph} ${read(of(model), model)}`).join("  ");
  for (const model of models) {
    const broken = of(model).diverged;
    if (broken) said.push({ title: FAMILIES[model].title, text: `${broken[0]} ${broken[1]}`, bad: true });
  }
  if (show.has("samples")) said.push(samples(scenario, world, moment, models));
  if (show.has("critic") && judged.length) said.push(critic(scenario, judged, of, values));
  if (show.has("arrows") && judged.length) said.push(arrows(scenario, judged, of, values));
  if (show.has("manifold")) {
    const dims = scenario.latent_dim;
    const what = dims === 1 ? "the latent line" : dims === 2 ? "a grid of the prior" : "the first two latent dimensions";
    said.push({
      title: "Manifold",
      text: `How ${what} is mapped into the data's plane. Every cell has the same probability under the prior: small cells are where samples are dense, stretched ones bridge modes.`,
    });
  }
  if (show.has("latent") && coded.length) said.push(latent(scenario, coded, of, values));
  return said.filter(Boolean);
}

function samples(scenario, world, moment, models) {
  const read = (model) => {
    const found = moment.row.models[model];
    if (!found) return "–";
    return `${modesOf(found, world)}JS ${number(found.js)} nats`;
  };
  const text = models.map((model) => `${FAMILIES[model].glyph} ${read(model)}`).join("  ");
  const means = models.includes("vae") ? " A VAE's samples are its decoder's means, without their noise." : "";
  return { title: "Samples", text: `Where 512 fixed latents land. ${text} (real against real: JS ${number(world.floor.js)}).${means}` };
}

function critic(scenario, judged, of, values) {
  const right = Math.max(...judged.map((model) => of(model).told_apart ?? 0));
  const meaning = judged.some((model) => of(model).told_apart === undefined) ? ""
    : right > 0.9 ? "It is almost always right: such a critic often gives no useful gradient."
    : right < 0.6 ? "It can hardly separate the two: its surface is flat where samples cover the data."
    : "It still finds differences, and the slope of its surface is what samples follow.";
  const packs = scenario.pack > 1 && judged.includes("gan") ? ` The GAN's critic judges ${scenario.pack} points at once; here each place is shown together with real ones.` : "";
  return {
    title: "Critic",
    text: `Gold: judged real; violet: judged generated. Critic accuracy: ${values(judged, (m) => percent(m.told_apart))} (50 % is guessing). ${meaning}${packs}`,
  };
}

function arrows(scenario, judged, of, values) {
  const pull = Math.max(...judged.map((model) => of(model).pull ?? 0));
  const meaning = judged.some((model) => of(model).pull === undefined) ? ""
    : pull < 0.01 ? "The gradient has almost vanished: the generator cannot learn from this critic."
    : pull > 3 ? "The gradients are large: samples jump, and may run in circles."
    : "Long arrows move far in the next step.";
  const held = scenario.penalty === "none" ? "No gradient penalty." : `${capital(PENALTIES[scenario.penalty])} of strength ${number(scenario.weight)} keeps them short near data.`;
  return {
    title: "Arrows",
    text: `Gradient on each sample: the direction that lowers the ${LOSSES[scenario.loss]} loss. Mean length ${values(judged, (m) => number(m.pull))}. ${meaning} ${held}`,
  };
}

function latent(scenario, coded, of, values) {
  const known = coded.filter((model) => of(model).kl);
  if (!known.length) return null;
  const total = (m) => m.kl.reduce((sum, value) => sum + value, 0);
  const least = Math.min(...known.map((model) => Math.max(...of(model).kl)));
  const meaning = least < 0.05 ? "The posterior has collapsed onto the prior: the code carries no information about the data."
    : scenario.beta > 3 ? `The KL term is weighted × ${number(scenario.beta)}.`
    : "Each ellipse is the posterior of one point.";
  const sum = known.map((model) => `${FAMILIES[model].glyph} ${number(total(of(model)))} nats of code, ${percent(of(model).holes)} of the prior empty`);
  return { title: "Latent plane", text: `Encoded data, one and two standard deviations of the prior (dashed), and its holes (grey). ${sum.join("  ")}. ${meaning}` };
}

// A mode is hit by a single sample, so that how many samples are near one is said with it.
const modesOf = (found, world) => (world.modes ? `${found.modes} of ${world.modes} modes hit, ${share(found.near)} of samples near one, ` : "");

// What a scene is about, as it stands at this moment: each sign with its number, and whether it is there.
export function confirm(scene, moment) {
  return scene.signs.map((sign) => {
    const row = moment.row.models[sign.model] ?? {}, facts = moment.picture.models[sign.model] ?? {};
    const kl = facts.kl?.length ? facts.kl : null;
    const value = sign.measure === "kl_least" ? kl && Math.min(...kl) : sign.measure === "kl_most" ? kl && Math.max(...kl)
      : row[sign.measure] ?? facts[sign.measure];
    if (value === null || value === undefined) return null;
    const there = moment.row.step >= sign.after && (sign.least === null || value >= sign.least) && (sign.most === null || value <= sign.most);
    const wanted = sign.least === null ? `at most ${scaled(sign, sign.most)}` : `at least ${scaled(sign, sign.least)}`;
    return { text: `${sign.words.replace("{}", scaled(sign, value))} (watch for ${wanted})`, there };
  }).filter(Boolean);
}

const scaled = (sign, value) => (sign.measure === "modes" ? String(value) : sign.words.includes("{} %") ? String(Math.round(100 * value)) : number(value));

const capital = (text) => text[0].toUpperCase() + text.slice(1);

// The state in words, for those who do not see the picture.
export function describe(scenario, world, moment, running, looking) {
  const models = scenario.models.map((model) => {
    const found = moment.row.models[model];
    if (!found) return "";
    return `${FAMILIES[model].title}: ${modesOf(found, world)}Jensen-Shannon divergence ${number(found.js)} nats.`;
  });
  const state = looking ? "Looking back" : running ? "Running" : "Paused";
  return `${state} at step ${count(moment.row.step)}. ${models.join(" ")}`;
}
