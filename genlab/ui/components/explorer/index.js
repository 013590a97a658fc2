// Entry of the component: one explorer per element, brought up to date whenever Python or the theme has something new.

import { App } from "./app.js";

/** @type {WeakMap<Node, App>} */
const apps = new WeakMap();

/** @param {Component<explorer.Data>} component */
export default function render({ data, parentElement, setStateValue, setTriggerValue }) {
  const app = apps.get(parentElement) ?? opened(parentElement);
  // What is settled belongs to what was shown when it was.
  /** @param {(name: string, value: object) => void} send @returns {(name: string, value: object) => void} */
  const stamped = (send) => (name, value) => send(name, { ...value, of: app.bases });
  Object.assign(app, { tell: stamped(setStateValue), fire: stamped(setTriggerValue) });
  app.update(data);
  return () => {
    app.destroy();
    apps.delete(parentElement);
  };
}

/** @param {ParentNode & Node} parentElement */
function opened(parentElement) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector(".explorer"));
  root.replaceChildren();
  const app = new App(root);
  apps.set(parentElement, app);
  return app;
}
