// Presenting: a button that begins it; meanwhile one bar with what the keys do. The keys themselves are in hall.js.

import { button, make } from "../dom.js";
import { act, nameOfKey, turn } from "../hall.js";
import { fitToPaper } from "../paper.js";

/** @type {WeakMap<Node, Presenter>} */
const presenters = new WeakMap();

/** @param {Component<present.Data>} component */
export default function render(component) {
  const root = component.parentElement, known = presenters.get(root);
  const presenter = known ?? new Presenter(/** @type {HTMLElement} */ (root.querySelector(".present")));
  if (!known) presenters.set(root, presenter);
  presenter.update(component);
  return () => {
    presenter.stop();
    presenters.delete(root);
  };
}

const TYPING = "input:not([type=range]), textarea, select, [contenteditable=true]";
const PRESSED = "button, a, summary, [role=button], [role=tab], [role=radio], input";

class Presenter {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {present.Data | null} */
    this.data = null;
    /** @type {(on: boolean) => void} */
    this.tell = () => {};
    this.shown = "";
    /** Whether the whole screen was asked for, so that leaving it leaves the hall. */
    this.filled = false;
    /** @param {KeyboardEvent} event */
    this.press = (event) => this.key(event);
    this.screen = () => {
      const left = this.filled && !document.fullscreenElement;
      this.filled = Boolean(document.fullscreenElement);
      if (left) this.leave();
    };
    this.unfit = fitToPaper();
    window.addEventListener("keydown", this.press);
    document.addEventListener("fullscreenchange", this.screen);
  }

  /** @param {Component<present.Data>} component */
  update({ data, setTriggerValue }) {
    this.data = data;
    this.tell = (on) => setTriggerValue("present", on);
    const shown = JSON.stringify(data);
    if (shown === this.shown) return;
    this.shown = shown;
    this.root.classList.toggle("on", data.on);
    this.root.replaceChildren(data.on ? this.bar(data) : this.opener());
  }

  opener() {
    const opener = button("Present", "Large and alone, for a lecture hall (P)", () => this.enter());
    opener.setAttribute("aria-keyshortcuts", "P");
    return opener;
  }

  /** @param {present.Data} data */
  bar({ title, keys }) {
    const screen = keyed("F", "full screen", () => this.fill());
    return make("div", { className: "bar", role: "toolbar", "aria-label": "Presenting" },
      make("b", {}, title),
      make("div", { className: "keys" }, ...keys.map(([names, words]) => keyed(names, words, (name) => this.act(name))), screen,
        keyed("Esc", "leave", () => this.leave())));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !this.data) return;
    const target = event.composedPath()[0], name = nameOfKey(event);
    if (!(target instanceof Element) || target.closest("dialog, [role=dialog]") || target.matches(TYPING)) return;
    if (name === "p" && !event.repeat) {
      if (this.data.on) this.leave();
      else this.enter();
      event.preventDefault();
    }
    if (!this.data.on) return;
    if (name === "Escape") this.leave();
    else if (name === "f" && !event.repeat) this.fill();
    else if (target.matches(PRESSED) && (name === " " || name.startsWith("Arrow"))) return;
    else if (!this.act(name)) return;
    event.preventDefault();
  }

  /** Let the stage act, else turn to another part of the page; whether one of both has. @param {string} name */
  act(name) {
    return act(name) || turn(name);
  }

  enter() {
    this.fill();
    this.tell(true);
  }

  /** The whole screen, or back; browsers allow it only to a hand. */
  fill() {
    if (document.fullscreenElement) {
      this.filled = false;
      document.exitFullscreen();
    } else document.documentElement.requestFullscreen?.().catch(() => {});
  }

  leave() {
    this.filled = false;
    if (document.fullscreenElement) document.exitFullscreen();
    this.tell(false);
  }

  stop() {
    this.unfit();
    window.removeEventListener("keydown", this.press);
    document.removeEventListener("fullscreenchange", this.screen);
  }
}

/** @type {Record<string, string>} */
const NAMES = { Space: " ", "←": "ArrowLeft", "→": "ArrowRight", "↑": "ArrowUp", "↓": "ArrowDown", Esc: "Escape" };

/**
 * Keys as buttons, and what they do.
 *
 * @param {string} names Separated by spaces.
 * @param {string} words
 * @param {(name: string) => void} onpress
 */
function keyed(names, words, onpress) {
  const keys = names.split(" ").map((name) => {
    const made = button(name, `${words} (${name})`, () => onpress(NAMES[name] ?? name.toLowerCase()));
    made.setAttribute("aria-label", `${name}: ${words}`);
    // A hand on the bar leaves the focus, and with it the keys, to the stage.
    made.onpointerdown = (event) => event.preventDefault();
    return made;
  });
  return make("span", { className: "key" }, ...keys, make("span", {}, words));
}
