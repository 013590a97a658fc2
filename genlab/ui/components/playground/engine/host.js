// Whoever owns the one session of a page: does what the page asks, trains in slices, sends pictures that are wanted.
//
// Commands, pictures and events are those of the server's host (`genlab.playground.host`); time is in milliseconds.

import { meet } from "../families.js";
import { drawnData } from "./data.js";
import { read, restore, write } from "./document.js";
import { Refused, Session } from "./session.js";

const SLICE = 20;
const MOST_PICTURES = 30;
const PICTURE_SHARE = 0.25;
const AHEAD = 2;
const UNWATCHED = 5_000;
const KEEP_EVERY = 1_000;
const KEEP_SHARE = 0.02;

export class Host {
  /** @param {engine.Kit} kit */
  constructor({ send, arithmetic, points, families, fields, clock = () => performance.now() }) {
    this.send = send;
    this.arithmetic = arithmetic;
    this.points = points;
    this.fields = fields;
    this.clock = clock;
    meet(families);
    this.families = Object.fromEntries(families.flatMap((family) => (family.engine ? [[family.name, { ...family, engine: family.engine }]] : [])));
    /** @type {Session | null} */
    this.session = null;
    /** Built-in distributions that have come. @type {Map<string, engine.Data>} */
    this.known = new Map();
    /** Commands one after the other: some wait for data. */
    this.queue = Promise.resolve();
    this.seen = this.clock();
    this.sent = this.drawn = this.cost = 0;
    this.dirty = false;
    this.nextPicture = this.keptAt = -Infinity;
    this.keptStep = this.shownSerial = -1;
    this.keptCost = 0;
  }

  // Commands

  /** Do what the page asks, after what it has asked before. @param {engine.Command} command */
  take(command) {
    this.seen = this.clock();
    if (command.do === "poll") {
      this.drawn = Math.min(this.sent, Math.max(this.drawn, command.drawn));
      return this.queue;
    }
    this.queue = this.queue.then(() => this.obey(command)).catch((error) => this.fail(error));
    return this.queue;
  }

  /** @param {unknown} error */
  fail(error) {
    if (error instanceof Refused) {
      this.send({ kind: "refused", message: error.message, hint: error.hint, error: "refused" });
      return;
    }
    this.session = null;
    const message = error instanceof Error ? error.message : String(error);
    this.send({ kind: "ended", message: `Training in the browser has stopped: ${message}`, hint: "Restart it, or reload the page.", error: "ended" });
  }

  /** @param {Exclude<engine.Command, { do: "poll" }>} command */
  async obey(command) {
    if (command.do === "open") await this.open(command);
    else if (command.do === "load") await this.load(command.document);
    else if (this.session) await this.change(this.session, command);
    else return;
    if (!this.session) return;
    this.session.serial = command.serial;
    this.dirty = true;
    if (command.do === "open" || command.do === "load" || command.do === "reset") this.show(this.session.world());
  }

  /** @param {Extract<engine.Command, { do: "open" }>} command */
  async open({ scenario, document }) {
    this.sent = this.drawn = 0;
    if (this.session) return;
    if (document) await this.load(document).catch(() => {});
    if (!this.session) this.session = this.begin(scenario, await this.data(scenario));
  }

  /** @param {engine.Scenario} scenario @param {engine.Data} data */
  begin(scenario, data) {
    return new Session(this.arithmetic(), this.families, scenario, data, this.clock);
  }

  /** A session takes the place of the one that is there once the whole file has been understood. @param {string} text */
  async load(text) {
    const saved = read(text, this.fields), other = this.begin(saved.scenario, await this.data(saved.scenario));
    restore(other, saved);
    this.session = other;
  }

  /** @param {Session} session @param {Exclude<engine.Command, { do: "poll" | "open" | "load" }>} command */
  async change(session, command) {
    if (command.do === "set") {
      const before = session.scenario, scenario = { ...before, ...command.changes };
      const anew = session.set(scenario, await this.data(scenario));
      if (anew || before.noise !== scenario.noise || before.models !== scenario.models) this.show(Object.assign(session.world(), { serial: command.serial }));
    } else if (command.do === "run") session.run(command.on);
    else if (command.do === "step") {
      session.run(false);
      session.oneStep(command.player);
    } else if (command.do === "reset") session.begin();
    else if (command.do === "save") this.send({ kind: "saved", document: write(session) });
  }

  /** The data that a scenario names, without noise. @param {engine.Scenario} scenario */
  async data(scenario) {
    if (scenario.data === "drawn") return drawnData(scenario.drawn);
    const found = this.known.get(scenario.data) ?? await this.points(scenario.data).catch(() => {
      throw new Refused("The points of this distribution could not be loaded.", "Try again when the server answers.");
    });
    this.known.set(scenario.data, found);
    return found;
  }

  // Work

  /** Train a little and send the picture that is due; returns milliseconds until there is more to do. */
  turn() {
    const { session } = this, now = this.clock();
    if (!session || now - this.seen > UNWATCHED) return 1000;
    const wait = session.due();
    try {
      if (wait <= 0) {
        session.advance(SLICE);
        this.dirty = true;
      }
      this.picture(session);
      this.keep(session);
    } catch (error) {
      this.fail(error);
      return 1000;
    }
    if (wait <= 0) return 0;
    const due = this.dirty && this.sent - this.drawn < AHEAD ? Math.max(1, this.nextPicture - this.clock()) : 1000;
    return Math.min(wait, due, 1000);
  }

  /** @param {Session} session */
  picture(session) {
    const now = this.clock(), answers = session.serial !== this.shownSerial;
    if (!this.dirty || this.sent - this.drawn >= AHEAD || (now < this.nextPicture && !answers)) return;
    this.sent += 1;
    this.show(session.frame(this.sent));
    this.shownSerial = session.serial;
    this.dirty = false;
    this.cost += 0.2 * (this.clock() - now - this.cost);
    this.nextPicture = Math.max(this.nextPicture + Math.max(1000 / MOST_PICTURES, this.cost / PICTURE_SHARE), now);
  }

  /** @param {engine.Header} header */
  show(header) {
    this.send({ kind: "picture", picture: header }, Object.values(header.arrays).map(([values]) => values.buffer));
  }

  /** Give the page a copy of the state now and then, and soon when it rests. @param {Session} session */
  keep(session) {
    const now = this.clock(), state = session.step + 0.5 * Number(session.running);
    if (state === this.keptStep || now - this.keptAt < (session.running ? Math.max(KEEP_EVERY, this.keptCost / KEEP_SHARE) : 100)) return;
    [this.keptStep, this.keptAt] = [state, now];
    this.send({ kind: "kept", document: write(session) });
    this.keptCost = this.clock() - now;
  }
}
