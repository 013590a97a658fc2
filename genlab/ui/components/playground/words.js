// What the page says: the scene's story, the sentences under the pictures, and the state for screen readers.

import { count, h } from "./dom.js";
import { confirm, describe, explain } from "./explain.js";

const QUIETLY = { running: 10_000, resting: 700 };

export class Words {
  constructor() {
    this.element = h("div", { class: "explain" });
    this.clock = h("span", {}, "Starting the process that trains …");
    this.said = h("div", { class: "unseen", role: "status", "aria-live": "polite" });
    this.spoken = 0;
  }

  show(page, moment) {
    const { scenario, world, running } = page;
    const looking = page.at !== null;
    const sentences = explain(scenario, world, moment, new Set(scenario.show));
    this.element.replaceChildren(...sentences.map(({ title, text, bad }) => h("p", { class: bad ? "bad" : "" }, h("b", {}, title), text)));
    const state = looking ? "looking back at" : running ? "running," : "paused at";
    const rate = running && !looking && page.picture.rate ? ` · ${count(page.picture.rate)} steps/s` : "";
    this.clock.textContent = `${state} step ${count(moment.picture.step)}${rate}`;
    const now = performance.now();
    if (now - this.spoken < (running && !looking ? QUIETLY.running : QUIETLY.resting)) return;
    this.spoken = now;
    this.said.textContent = describe(scenario, world, moment, running, looking);
  }
}

export class Story {
  constructor() {
    this.element = h("div", { class: "story", hidden: true });
  }

  show(scene, onTry, moment) {
    this.element.hidden = !scene;
    if (!scene) return;
    if (this.told !== scene.name) this.tell(scene, onTry);
    const signs = moment ? confirm(scene, moment) : [];
    const all = signs.length > 0 && signs.every(({ there }) => there);
    this.signs.hidden = !signs.length;
    this.signs.replaceChildren(h("b", {}, all ? "Happening now: " : "Measured now: "),
      signs.map(({ text, there }) => `${there ? "✓" : "○"} ${text}`).join("; "));
  }

  tell(scene, onTry) {
    this.told = scene.name;
    this.signs = h("p", { class: "signs" });
    const tries = scene.tries.map((each) => h("button", { type: "button", onclick: () => onTry(each.changes) }, each.label));
    this.element.replaceChildren(h("p", {}, scene.look), this.signs, h("p", { class: "quiet" }, scene.why),
      h("div", { class: "row" }, tries.length ? h("span", { class: "label" }, "Try") : null, ...tries));
  }
}
