// Entry of the component: models of one data set, walking in step before anybody has clicked.

import { Front } from "./front.js";

/** @type {WeakMap<Node, Front>} */
const fronts = new WeakMap();

/** @param {Pick<Component<front.Data>, "data" | "parentElement">} component */
export default function render({ data, parentElement }) {
  const known = fronts.get(parentElement);
  const shown = known ?? new Front(/** @type {HTMLElement} */ (parentElement.querySelector(".front")));
  if (!known) fronts.set(parentElement, shown);
  shown.update(data);
  return () => {
    shown.destroy();
    fronts.delete(parentElement);
  };
}
