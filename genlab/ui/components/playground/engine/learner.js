// One model in training: its networks, its players' turns, and settings that can be changed while it learns.

import { heeds } from "../families.js";
import { Stream } from "./data.js";
import { generator } from "./random.js";
import { TRAINERS } from "./trainers.js";

/** Fixed latents that samples are drawn from, so that each sample can be followed. */
export const LATENTS = 512;

/** Settings that change neither networks nor turns. */
const APART = new Set(["show", "speed", "noise", "models", "data", "drawn"]);

export class Learner {
  /**
   * @param {engine.Arithmetic} arithmetic
   * @param {playground.Family & { engine: playground.Engine }} family
   * @param {engine.Scenario} scenario
   * @param {engine.Data} data
   */
  constructor(arithmetic, family, scenario, data) {
    this.arithmetic = arithmetic;
    this.family = family;
    this.scenario = scenario;
    this.data = data;
    this.trainer = new TRAINERS[family.engine.name]({ model: family.name, arithmetic, scenario, scale: data.scale, fixed: family.engine.fixed });
    this.step = this.images = 0;
    /** What each player lost at its last turn. @type {Record<string, number>} */
    this.losses = {};
    /** The players that moved last. @type {string[]} */
    this.moved = [];
    /** @type {[sentence: string, hint: string] | null} */
    this.diverged = null;
    const noise = generator(scenario.seed, "weights");
    for (const network of this.trainer.networks) network.draw(noise);
    this.latents = arithmetic.zeros(LATENTS * scenario.latent_dim);
    this.latents.set(generator(scenario.seed, "shown latents").normal(this.latents.length));
    this.stream = new Stream(data.points, scenario.seed);
    this.stream.noise = scenario.noise;
  }

  /** Names of the players in the order of their turns. */
  get players() {
    return this.trainer.players.map((player) => player.name);
  }

  /** The players by turns, those that have several in a step named as often. */
  get turns() {
    return this.players.flatMap((name) => Array.from({ length: this.trainer.repeats(this.scenario, name) }, () => name));
  }

  /**
   * A step: all players' turns, or one turn of one player. A model that has diverged stays as it is.
   *
   * @param {string | null} [only]
   */
  advance(only = null) {
    if (this.diverged) return;
    const { scenario } = this, names = only === null ? this.players : [only];
    const fine = this.arithmetic.briefly(() => {
      const batch = this.arithmetic.zeros(2 * scenario.batch_size);
      return names.every((name, index) => {
        const repeats = only === null ? this.trainer.repeats(scenario, name) : 1;
        for (let turn = 0; turn < repeats; turn += 1) {
          if (index === 0) this.next(batch);
          if (!this.arithmetic.briefly(() => this.takeTurn(name, turn, batch))) return false;
        }
        return true;
      });
    });
    if (!fine) return;
    this.step += 1;
    this.moved = names;
  }

  /** @param {import("./arithmetic.js").Values} batch */
  next(batch) {
    this.stream.batch(this.images, this.scenario.batch_size, batch, this.data.scale);
    this.images += this.scenario.batch_size;
  }

  /** Whether all numbers were finite. @param {string} name @param {number} turn @param {import("./arithmetic.js").Values} batch */
  takeTurn(name, turn, batch) {
    const { scenario, trainer } = this, player = trainer.players.find((each) => each.name === name);
    if (!player) throw new Error(`no player ${name}`);
    const loss = trainer.turn(name, batch, generator(scenario.seed, this.step, name, turn), scenario), norm = player.norm();
    if (!Number.isFinite(loss) || !Number.isFinite(norm)) {
      const what = Number.isFinite(loss) ? "gradient_norm" : "loss", more = trainer.adversary ? ", or a penalty (R1 + R2) on the critic" : "";
      const many = this.images.toLocaleString("en");
      this.diverged = [`Training diverged after ${many} points: ${what}/${name} is not finite.`, `Lower the learning rate${more}, and reset.`];
      return false;
    }
    player.step(trainer.rate(scenario, name), trainer.betas(scenario));
    this.losses[name] = loss;
    return true;
  }

  /** Turn knobs that leave the networks as they are: weights and moments stay. @param {engine.Scenario} scenario */
  change(scenario) {
    const before = this.scenario;
    this.scenario = scenario;
    this.stream.noise = scenario.noise;
    this.trainer.follow(scenario);
    const others = Object.keys(scenario).filter((name) => !APART.has(name) && heeds(this.family.name, name));
    if (others.some((name) => scenario[name] !== before[name])) this.diverged = null;
  }

  /**
   * Points that latents are decoded to, in the data's own coordinates.
   *
   * @param {ArrayLike<number>} latents [count, dims]
   */
  decode(latents) {
    return this.arithmetic.briefly(() => {
      const z = this.arithmetic.zeros(latents.length);
      z.set(latents);
      const raw = this.trainer.decoder.evaluate(latents.length / this.scenario.latent_dim, z);
      return Float32Array.from(raw, (value) => value * this.data.scale);
    });
  }
}
