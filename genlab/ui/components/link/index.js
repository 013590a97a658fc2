// An address of this app to copy: written out, with a button, and selected where the browser does not let us copy.

import { copy, make } from "../dom.js";

const PATIENCE = 4000;

/** @param {Component<{ query: string }>} component `query` is what follows the page's address. */
export default function render({ data, parentElement }) {
  const { location } = globalThis;
  const address = `${location.origin}${location.pathname}?${data.query}`;
  const place = parentElement.querySelector(".link");
  if (!place || place.querySelector("code")?.textContent === address) return;
  const code = make("code", { textContent: address });
  const told = make("output", { "aria-live": "polite" });
  let timer = 0;
  const onclick = async () => {
    const copied = await copy(address);
    if (!copied) globalThis.getSelection()?.selectAllChildren(code);
    told.textContent = copied ? "Copied" : "Press Ctrl+C to copy";
    clearTimeout(timer);
    timer = setTimeout(() => { told.textContent = ""; }, PATIENCE);
  };
  // The button comes with what it does: one that stood there before could be pressed in vain.
  const button = make("button", { type: "button", textContent: "Copy the link", onclick });
  place.replaceChildren(code, make("div", { className: "row" }, button, told));
}
