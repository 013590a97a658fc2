// An exported front page: the models that models.json names, in the colours that the reader's system asks for.

import render from "./index.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
const answer = await fetch(new URL("models.json", document.baseURI).href);
/** @type {front.Group[]} */
const groups = await answer.json();
const show = () => render({ data: { groups, mode: dark.matches ? "dark" : "light" }, parentElement: document });
dark.addEventListener("change", show);
show();
