// What the page says: the scene's story, the sentences under the pictures, and the state for screen readers.

import { make } from "../dom.js";
import { count } from "../numbers.js";
import { confirm, describe, explain } from "./explain.js";

const QUIETLY = { running: 10_000, resting: 700 };

export class Words {
  constructor() {
    this.element = make("div", { className: "explain" });
    this.clock = make("span", {}, "Getting ready to train …");
    /** Who trains, where that is not this browser. */
    this.where = make("span", { className: "quiet" });
    this.said = make("div", { className: "unseen", role: "status", "aria-live": "polite" });
    this.spoken = 0;
  }

  /**
   * @param {playground.Page} page
   * @param {playground.World} world
   * @param {playground.Moment} moment
   */
  show(page, world, moment) {
    const { scenario, running } = page;
    const looking = page.at !== null;
    const sentences = explain(scenario, world, moment, new Set(scenario.show));
    this.element.replaceChildren(...sentences.map(({ title, text, bad }) => make("p", { className: bad ? "bad" : "" }, make("b", {}, title), text)));
    const state = looking ? "looking back at" : running ? "running," : "paused at";
    const rate = running && !looking && page.picture?.rate ? ` · ${count(page.picture.rate)} steps/s` : "";
    this.clock.textContent = `${state} step ${count(moment.picture.step)}${rate}`;
    const now = performance.now();
    if (now - this.spoken < (running && !looking ? QUIETLY.running : QUIETLY.resting)) return;
    this.spoken = now;
    this.said.textContent = describe(scenario, world, moment, running, looking);
  }
}

export class Story {
  constructor() {
    this.element = make("div", { className: "story", hidden: true });
    this.signs = make("p", { className: "signs" });
    this.told = "";
  }

  /**
   * @param {playground.Scene | undefined} scene
   * @param {(changes: playground.Changes) => void} onTry
   * @param {playground.Moment | null} moment
   */
  show(scene, onTry, moment) {
    this.element.hidden = !scene;
    if (!scene) return;
    if (this.told !== scene.name) this.tell(scene, onTry);
    const signs = moment ? confirm(scene, moment) : [];
    const all = signs.length > 0 && signs.every(({ there }) => there);
    this.signs.hidden = !signs.length;
    this.signs.replaceChildren(make("b", {}, all ? "Happening now: " : "Measured now: "),
      signs.map(({ text, there }) => `${there ? "✓" : "○"} ${text}`).join("; "));
  }

  /** @param {playground.Scene} scene @param {(changes: playground.Changes) => void} onTry */
  tell(scene, onTry) {
    this.told = scene.name;
    const tries = scene.tries.map((each) => make("button", { type: "button", onclick: () => onTry(each.changes) }, each.label));
    this.element.replaceChildren(make("p", {}, scene.look), this.signs, make("p", { className: "quiet" }, scene.why),
      make("div", { className: "row" }, tries.length ? make("span", { className: "label" }, "Try") : null, ...tries));
  }
}
