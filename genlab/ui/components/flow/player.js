// Where the story is: its step, what is chosen, and whether it plays; without a page, so that it can be tested alone.

import { following, stepsOf } from "./script.js";

/** Seconds that a step stays while it plays, and the last one of a way. */
export const STAY = 2.6, LAST = 4.5;

export class Player {
  /**
   * @param {flow.Document} document
   * @param {flow.Data} data
   * @param {flow.Path} path
   */
  constructor(document, data, path) {
    this.document = document;
    this.data = data;
    /** @type {flow.Choice} */
    this.choice = { path, item: 0, draw: 0, sample: 0 };
    this.at = 0;
    this.playing = false;
    /** Seconds that the step has been there. */
    this.waited = 0;
    this.steps = stepsOf(document, this.choice, data);
  }

  get step() {
    return this.steps[this.at];
  }

  get last() {
    return this.steps.length - 1;
  }

  /** Some time has passed; whether there is another step now. @param {number} seconds */
  advance(seconds) {
    if (!this.playing) return false;
    this.waited += seconds;
    if (this.waited < (this.at === this.last ? LAST : STAY)) return false;
    if (this.at < this.last) this.go(this.at + 1);
    else this.choose(following(this.document, this.choice), 0);
    return true;
  }

  /** @param {number} at */
  go(at) {
    this.at = Math.max(0, Math.min(this.last, at));
    this.waited = 0;
  }

  /** Show something else, at the same step where there is one. @param {flow.Choice} choice @param {number} [at] */
  choose(choice, at = this.at) {
    this.choice = choice;
    this.steps = stepsOf(this.document, choice, this.data);
    this.go(at);
  }

  /** The next item, or the next latent. */
  another() {
    const { choice, document } = this;
    if (choice.path === "generate") this.choose(following(document, choice));
    else this.choose({ ...choice, draw: 0, item: (choice.item + 1) % document.items.length });
  }

  /** The same item with other noise: from where it is drawn on, if the story was past that. */
  redraw() {
    const { choice, document } = this;
    if (choice.path !== "reconstruct") return;
    const draws = document.items[choice.item].draws.length;
    this.choose({ ...choice, draw: (choice.draw + 1) % draws });
  }

  /**
   * What lights up: of each node whether it is ahead, was reached or is it now, whether its second drawing shows, and
   * what moves along the wire to it.
   *
   * @param {flow.NodeName[]} nodes
   */
  lights(nodes) {
    const passed = this.steps.slice(0, this.at + 1), { step } = this, here = nodes.indexOf(step.node);
    const before = this.at ? nodes.indexOf(this.steps[this.at - 1].node) : here;
    return nodes.map((name, i) => ({
      state: name === step.node ? "now" : passed.some(({ node }) => node === name) ? "done" : "ahead",
      back: passed.some(({ node, back }) => back && node === name),
      wire: step.back ? (i > here && i <= before ? "back" : "") : i > before && i <= here ? "forward" : "",
    }));
  }
}
