// Entry of the component: what flows through a model, step by step.

import { Flow } from "./flow.js";

/** @type {WeakMap<Node, Flow>} */
const flows = new WeakMap();

/** @param {Component<flow.Data>} component */
export default function render({ data, parentElement }) {
  const known = flows.get(parentElement);
  const shown = known ?? new Flow(/** @type {HTMLElement} */ (parentElement.querySelector(".flow")));
  if (!known) flows.set(parentElement, shown);
  shown.update(data);
  return () => {
    shown.destroy();
    flows.delete(parentElement);
  };
}
