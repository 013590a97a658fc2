// Entry of the component: one playground per element, told whenever Python has something new.

import { Playground } from "./page.js";

const pages = new WeakMap();

/** @param component Streamlit's component: {data, parentElement, setStateValue}. */
export default function render(component) {
  const root = component.parentElement;
  let page = pages.get(root);
  if (page) page.update(component);
  else pages.set(root, (page = new Playground(root, component)));
  return () => {
    page.stop();
    pages.delete(root);
  };
}
