// One visitor's playground in the browser: what `genlab.playground.session` is on the server, picture for picture.
//
// It works in bounded slices; when and for how long is the host's business.

import { moved, withNoise } from "./data.js";
import { Learner } from "./learner.js";
import { Ruler } from "./measure.js";
import { draw } from "./pictures.js";
import { generator } from "./random.js";

const SHOWN = 1_500;
const MOST_ROWS = 600;
const MEASURE_EVERY = 300;
const MEASURE_SHARE = 0.05;
const FULL_EVERY = 500;
/** Steps (in slow motion: turns) a second; 0 is as many as there is time for. @type {Record<string, number>} */
const PACE = { slow: 2, 10: 10, 50: 50, full: 0 };
const ALL_LAYERS = ["samples", "critic", "arrows", "manifold", "latent"];

/** Knobs after which the models begin anew. */
const RESTARTS = ["data", "drawn", "seed", "latent_dim", "layers", "width", "pack"];

/** A refusal: a sentence and the next step. */
export class Refused extends Error {
  /** @param {string} sentence @param {string} hint */
  constructor(sentence, hint) {
    super(sentence);
    this.hint = hint;
  }
}

export class Session {
  /**
   * @param {engine.Arithmetic} arithmetic
   * @param {Record<string, engine.Family>} families
   * @param {engine.Scenario} scenario
   * @param {engine.Data} data That the scenario names, without noise.
   * @param {() => number} clock Milliseconds.
   */
  constructor(arithmetic, families, scenario, data, clock = () => performance.now()) {
    this.arithmetic = arithmetic;
    this.families = families;
    this.scenario = scenario;
    this.clock = clock;
    this.running = false;
    this.serial = this.step = 0;
    /** What was measured so far, oldest first. @type {playground.Row[]} */
    this.rows = [];
    /** @type {Map<string, Learner>} */
    this.learners = new Map();
    this.turn = this.counted = this.rate = this.sinceMeasured = this.measureCost = 0;
    this.next = this.countedSince = this.lastFull = -Infinity;
    this.pure = data;
    this.data = data;
    this.ruler = new Ruler(data, 0);
    this.begin();
  }

  // Commands

  /**
   * Turn knobs; returns whether the models began anew.
   *
   * @param {engine.Scenario} scenario All settings.
   * @param {engine.Data} data That they name.
   */
  set(scenario, data) {
    const before = this.scenario;
    this.scenario = scenario;
    this.pure = data;
    const others = RESTARTS.some((name) => JSON.stringify(before[name]) !== JSON.stringify(scenario[name]));
    if (others || scenario.models.some((model) => !before.models.includes(model))) {
      this.begin();
      return true;
    }
    for (const model of this.learners.keys()) if (!scenario.models.includes(model)) this.learners.delete(model);
    if (before.noise !== scenario.noise) {
      this.data = withNoise(data, scenario);
      this.ruler = new Ruler(this.data, scenario.noise);
      for (const learner of this.learners.values()) learner.data = this.data;
    }
    for (const learner of this.learners.values()) learner.change(scenario);
    return false;
  }

  /** Begin anew with the same settings. */
  begin() {
    const { scenario } = this;
    this.arithmetic.clear();
    this.data = withNoise(this.pure, scenario);
    this.ruler = new Ruler(this.data, scenario.noise);
    this.learners = new Map(scenario.models.map((model) => [model, new Learner(this.arithmetic, this.families[model], scenario, this.data)]));
    this.step = this.turn = this.sinceMeasured = this.measureCost = this.counted = 0;
    this.rows = [];
    this.next = this.countedSince = this.clock();
    this.lastFull = -Infinity;
    this.measure();
  }

  /** One step of every model, or one turn of the critics, or of those that they judge. @param {"" | "critic" | "maker"} player */
  oneStep(player) {
    const all = [...this.learners.values()];
    if (player && !all.some((learner) => learner.players.includes("critic"))) {
      throw new Refused("No model here has a critic.", "Add one that has, or step all.");
    }
    for (const learner of all) {
      if (!player) learner.advance();
      else if (learner.players.includes("critic")) {
        for (const name of learner.players) if ((name === "critic") === (player === "critic")) learner.advance(name);
      }
    }
    this.step += 1;
    this.measure();
  }

  /** Go on by itself, or rest; when it rests, the newest measurement is of what is seen. @param {boolean} on */
  run(on) {
    this.running = on;
    if (!on && this.rows[this.rows.length - 1].step !== this.step) this.measure();
  }

  // Work

  /** Milliseconds until it wants to work again; 0 when it does now, infinite when it does not run. */
  due() {
    if (!this.running || [...this.learners.values()].every((learner) => learner.diverged)) return Infinity;
    return PACE[this.scenario.speed] ? Math.max(0, this.next - this.clock()) : 0;
  }

  /** Train for at most about so many milliseconds, and at least one step. @param {number} time */
  advance(time) {
    const pace = PACE[this.scenario.speed], begun = this.clock();
    let done = 0, now;
    do {
      this.tick();
      done += 1;
      now = this.clock();
      if (pace) this.next = Math.max(this.next + 1000 / pace, now - 200);
    } while (now - begun < time && (!pace || this.next <= now));
    this.sinceMeasured += now - begun;
    if (this.sinceMeasured >= Math.max(MEASURE_EVERY, this.measureCost / MEASURE_SHARE)) this.measure();
    this.counted += done;
    if (now - this.countedSince < 1000) return;
    this.rate = (1000 * this.counted) / (now - this.countedSince);
    [this.counted, this.countedSince] = [0, now];
  }

  tick() {
    for (const learner of this.learners.values()) {
      const { turns } = learner;
      learner.advance(this.scenario.speed === "slow" ? turns[this.turn % turns.length] : null);
    }
    if (this.scenario.speed === "slow") this.turn += 1;
    this.step += 1;
  }

  /** Measure every model now and add a row to the history. */
  measure() {
    const begun = this.clock();
    /** @type {playground.Row} */
    const row = { step: this.step, models: {} };
    for (const [model, learner] of this.learners) {
      row.models[model] = { losses: finite(learner.losses), ...finite(this.ruler.model(learner)) };
    }
    if (this.rows.length && this.rows[this.rows.length - 1].step === this.step) this.rows.pop();
    this.rows.push(row);
    if (this.rows.length > MOST_ROWS) {
      const half = Math.floor(this.rows.length / 2);
      this.rows = [...this.rows.slice(0, half).filter((_, index) => index % 2 === 0), ...this.rows.slice(half)];
    }
    this.measureCost = this.clock() - begun;
    this.sinceMeasured = 0;
  }

  // Pictures

  /**
   * The picture now, with the layers shown, or (at times by itself) with all.
   *
   * @param {number} number
   * @returns {engine.Header}
   */
  frame(number) {
    const now = this.clock(), full = !this.running || now - this.lastFull >= FULL_EVERY;
    if (full) this.lastFull = now;
    /** @type {Record<string, object>} */
    const models = {};
    /** @type {Record<string, engine.Shaped>} */
    const arrays = {};
    for (const [model, learner] of this.learners) {
      const { facts, arrays: own } = draw(learner, full ? ALL_LAYERS : this.scenario.show);
      models[model] = { ...finite(facts), losses: finite(learner.losses), moved: learner.moved, diverged: learner.diverged };
      for (const [name, array] of Object.entries(own)) arrays[`${model}/${name}`] = array;
    }
    return {
      kind: "frame", number, step: this.step, running: this.running, rate: Math.round(10 * this.rate) / 10, serial: this.serial,
      full, row: this.rows[this.rows.length - 1], models, arrays,
    };
  }

  /** What does not change from picture to picture: settings, data, modes, what real data measure, and the history. @returns {engine.Header} */
  world() {
    if (this.rows[this.rows.length - 1].step !== this.step) this.measure();
    const { noise } = this.scenario, points = this.pure.points.slice(0, 2 * SHOWN), { modes } = this.data;
    const shown = noise ? moved(points, noise, generator(5, "noise on shown data")) : points;
    /** @type {Record<string, engine.Shaped>} */
    const arrays = { data: [shown, [shown.length / 2, 2]] };
    if (modes) arrays.modes = [modes.means.slice(), [modes.means.length / 2, 2]];
    return {
      kind: "world", scenario: this.scenario, half: this.data.half, scale: this.data.scale,
      modes: modes ? modes.means.length / 2 : null, floor: this.ruler.floor,
      players: Object.fromEntries([...this.learners].map(([model, learner]) => [model, learner.players])),
      rows: this.rows, serial: this.serial, arrays,
    };
  }

  /** Go on from what a file or a kept state holds. @param {number} step @param {playground.Row[]} rows */
  restore(step, rows) {
    this.step = step;
    this.rows = rows.slice(-MOST_ROWS);
    this.measure();
  }
}

/**
 * The same with null in the place of numbers that are not finite; lists of numbers likewise.
 *
 * @template {object} T
 * @param {T} values
 * @returns {T}
 */
function finite(values) {
  /** @param {unknown} value */
  const one = (value) => (typeof value === "number" && !Number.isFinite(value) ? null : value);
  return /** @type {T} */ (Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? value.map(one) : one(value)])));
}
