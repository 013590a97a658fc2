// What latents sound like and say: asked of the server, heard as long as a key is held, read beside the picture.

import { iconButton, make } from "../dom.js";
import { floatsToText } from "../maths.js";
import { hear } from "../media.js";

/** The key that plays what is under the pointer, as long as it is held. */
export const KEY = "h";

export class Voice {
  /** @param {explorer.Exploration} exploration Whose latents. */
  constructor(exploration) {
    this.exploration = exploration;
    /** What was read last, by address. @type {Map<string, Promise<string[]>>} */
    this.known = new Map();
  }

  get media() {
    return this.exploration.source.media;
  }

  /** @param {ArrayLike<number>[]} list @param {latents.Label} label @param {string} [form] */
  address(list, label, form = "") {
    const { dim, document: about } = this.exploration, all = new Float32Array(list.length * dim);
    list.forEach((z, i) => all.set(z, i * dim));
    const query = new URLSearchParams({ z: floatsToText(all), images: String(about.images) });
    if (label !== null) query.set("y", String(label));
    if (form) query.set("form", form);
    return `${this.media?.address}?${query}`;
  }

  /** Play latents, one after the other in one sound. @param {ArrayLike<number>[]} list @param {latents.Label} label @param {Parameters<typeof hear>[1]} then */
  hear(list, label, then) {
    return hear(this.address(list, label), then);
  }

  /** What can be read of latents. @param {ArrayLike<number>[]} list @param {latents.Label} label @returns {Promise<string[]>} */
  read(list, label) {
    const address = this.address(list, label, "text"), known = this.known.get(address);
    if (known) return known;
    const found = fetch(new URL(address, document.baseURI).href).then((answer) => (answer.ok ? answer.json() : []), () => []);
    this.known.set(address, found);
    if (this.known.size > 200) this.known.delete(this.known.keys().next().value ?? "");
    return found;
  }

  /** A button that plays what `latents` gives when it is pressed. @param {() => ArrayLike<number>[]} latents @param {() => latents.Label} label @param {string} title */
  button(latents, label, title) {
    /** @type {{ stop(): void } | null} */
    let mine = null;
    const made = iconButton("play", title, () => {
      if (mine) return mine.stop();
      made.setAttribute("aria-pressed", "true");
      mine = this.hear(latents(), label(), {
        ended: () => {
          mine = null;
          made.setAttribute("aria-pressed", "false");
        },
      });
    }, "Hear", "hear");
    return made;
  }
}

/** The line of text beside a latent's picture, brought up to date a moment after the latent has moved. */
export class Reading {
  /** @param {Voice} voice */
  constructor(voice) {
    this.voice = voice;
    this.element = make("p", { className: "said", role: "status", hidden: !voice.media?.text });
    this.timer = 0;
    this.turn = 0;
  }

  /** @param {ArrayLike<number>} z @param {latents.Label} label @param {number} [patience] Milliseconds. */
  of(z, label, patience = 50) {
    if (!this.voice.media?.text) return;
    const turn = ++this.turn, list = [Float32Array.from(z)];
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      const [words] = await this.voice.read(list, label);
      if (turn === this.turn) this.element.textContent = words ?? "";
    }, patience);
  }
}

/**
 * Play what the pointer is on, or else the present latent, as long as the key is held; returns what ends it.
 *
 * @param {HTMLElement} root The explorer.
 * @param {() => { voice: Voice, z: ArrayLike<number>, label: latents.Label } | null} pointed
 */
export function whileHeld(root, pointed) {
  /** @type {{ stop(): void } | null} */
  let held = null;
  /** @param {KeyboardEvent} event */
  const down = (event) => {
    const typing = event.composedPath().some((at) => at instanceof HTMLElement && at.matches("input:not([type=range]), textarea, select"));
    const here = root.matches(":hover") || root.contains(root.ownerDocument.activeElement) || root.matches(":focus-within");
    if (event.key.toLowerCase() !== KEY || event.ctrlKey || event.metaKey || event.altKey || typing || !here) return;
    if (event.repeat || held) return;
    const what = pointed();
    if (!what?.voice.media?.play) return;
    event.preventDefault();
    held = what.voice.hear([what.z], what.label, { repeat: true });
  };
  /** @param {KeyboardEvent | FocusEvent} event */
  const up = (event) => {
    if (event instanceof KeyboardEvent && event.key.toLowerCase() !== KEY) return;
    held?.stop();
    held = null;
  };
  addEventListener("keydown", down);
  addEventListener("keyup", up);
  addEventListener("blur", up);
  return () => {
    removeEventListener("keydown", down);
    removeEventListener("keyup", up);
    removeEventListener("blur", up);
    held?.stop();
  };
}
