// An address of this app to copy: written out, with a button, and selected where the browser does not let us copy.

import { copy } from "../dom.js";

const PATIENCE = 4000;

/** @param {Component<{ query: string }>} component `query` is what follows the page's address. */
export default function render({ data, parentElement }) {
  const { location } = globalThis;
  const address = `${location.origin}${location.pathname}?${data.query}`;
  const code = parentElement.querySelector("code"), told = parentElement.querySelector("output");
  const button = parentElement.querySelector("button");
  if (!code || !told || !button) return;
  let timer = 0;
  code.textContent = address;
  button.onclick = async () => {
    const copied = await copy(address);
    if (!copied) globalThis.getSelection()?.selectAllChildren(code);
    told.textContent = copied ? "Copied" : "Press Ctrl+C to copy";
    clearTimeout(timer);
    timer = setTimeout(() => { told.textContent = ""; }, PATIENCE);
  };
}
