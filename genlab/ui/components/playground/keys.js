// The keyboard: one key for each of the things done most. It yields to whatever has the focus and wants the key itself.

import { LAYERS, WITH_KEYS, openHelp } from "./bar.js";
import { FAMILIES } from "./families.js";
import { nameOfKey, onStage } from "../hall.js";

const TYPING = "input:not([type=range]), textarea, select, [contenteditable=true]";

/** Listen until the function that comes back is called. @param {playground.Page} page */
export function listen(page) {
  /** @type {Record<string, () => void>} */
  const keys = {
    " ": () => page.run(!page.running),
    s: () => page.step(""),
    c: () => { if (!page.bar.critic.disabled) page.step("critic"); },
    g: () => { if (!page.bar.maker.disabled) page.step("maker"); },
    r: () => page.reset(),
    l: () => page.seek(0, true),
    ArrowLeft: () => page.browse(-1),
    ArrowRight: () => page.browse(1),
    "?": () => openHelp(page.element),
  };
  Object.keys(FAMILIES).slice(0, WITH_KEYS).forEach((model, index) => (keys[index + 1] = () => page.toggleModel(model)));
  Object.keys(LAYERS).forEach((layer, index) => (keys[index + WITH_KEYS + 1] = () => page.toggleLayer(layer)));
  /** @param {KeyboardEvent} event */
  const press = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = event.composedPath()[0];
    const name = nameOfKey(event);
    if (!(target instanceof Element) || target.closest("dialog") || target.matches(TYPING)) return;
    if (event.key === " " && target.matches("button, a, summary, [role=button], [role=tab]")) return;
    if (event.key.startsWith("Arrow") && target.matches("input[type=range], [role=tab], [role=menuitem], [role=radio]")) return;
    if (!keys[name] || (event.repeat && !event.key.startsWith("Arrow") && name !== "s")) return;
    keys[name]();
    event.preventDefault();
    // Streamlit has an R of its own.
    event.stopImmediatePropagation();
  };
  const leave = onStage({ ...keys, ArrowUp: () => page.otherScene(-1), ArrowDown: () => page.otherScene(1) });
  window.addEventListener("keydown", press, true);
  return () => {
    window.removeEventListener("keydown", press, true);
    leave();
  };
}
