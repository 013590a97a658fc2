// Entry of the component: one playground per element, told whenever Python has something new.

import { Playground } from "./page.js";

/** @type {WeakMap<Node, Playground>} */
const pages = new WeakMap();

/** @param {Component<playground.Data>} component */
export default function render(component) {
  const root = component.parentElement, known = pages.get(root);
  const page = known ?? new Playground(root, component);
  if (known) known.update(component);
  else pages.set(root, page);
  return () => {
    page.stop();
    pages.delete(root);
  };
}
