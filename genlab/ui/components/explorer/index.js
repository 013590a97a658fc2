// Entry of the component: one explorer per element, brought up to date whenever Python or the theme has something new.

import { App } from "./app.js";

const apps = new WeakMap();

/** @param component Streamlit's component: {data, parentElement, setStateValue, setTriggerValue}. */
export default function render(component) {
  const { data, parentElement, setStateValue, setTriggerValue } = component;
  let app = apps.get(parentElement);
  if (!app) {
    const root = parentElement.querySelector(".explorer");
    root.replaceChildren();
    app = new App(root, new URL(".", import.meta.url).href);
    apps.set(parentElement, app);
  }
  // What is settled belongs to what was shown when it was.
  const stamped = (send) => (name, value) => send(name, { ...value, of: app.data.sources.map((source) => source.base || source.run) });
  Object.assign(app, { tell: stamped(setStateValue), fire: stamped(setTriggerValue) });
  app.update(data);
  return () => {
    app.destroy();
    apps.delete(parentElement);
  };
}
