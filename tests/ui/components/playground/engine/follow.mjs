// Trains a saved playground in the browser's engine, as a test asks on standard input, and says what came of it.

import { readFileSync } from "node:fs";

import { Arithmetic } from "../../../../../genlab/ui/components/playground/engine/arithmetic.js";
import { readData } from "../../../../../genlab/ui/components/playground/engine/data.js";
import { read, restore, write } from "../../../../../genlab/ui/components/playground/engine/document.js";
import { Session } from "../../../../../genlab/ui/components/playground/engine/session.js";
import { meet } from "../../../../../genlab/ui/components/playground/families.js";

const KERNELS = new URL("../../../../../genlab/ui/components/playground/engine/kernels.wasm", import.meta.url);
const module = await WebAssembly.compile(readFileSync(KERNELS));

const { families, fields, data, cases } = JSON.parse(readFileSync(0, "utf8"));
const own = Object.fromEntries(families.map((family) => [family.name, family]));
meet(families);

/** @param {string} name */
function points(name) {
  const bytes = Uint8Array.from(Buffer.from(data[name], "base64"));
  return readData(bytes.buffer);
}

/** The session's own beginning, and what training makes of a document that somebody else began. */
function follow({ scenario, document, steps, changes }) {
  const found = points(scenario.data), session = new Session(new Arithmetic(module), own, scenario, found);
  const begun = write(session), floor = session.world().floor;
  if (document) restore(session, read(document, fields));
  const first = session.frame(1), losses = [];
  for (let step = 0; step < steps; step += 1) {
    session.tick();
    losses.push(Object.fromEntries([...session.learners].map(([model, { losses: each }]) => [model, { ...each }])));
  }
  if (changes) {
    session.set({ ...scenario, ...changes }, found);
    session.tick();
  }
  session.measure();
  return { begun, floor, first: plain(first), last: plain(session.frame(2)), losses, saved: write(session), rows: session.rows };
}

/** A picture with its arrays as lists. */
function plain(frame) {
  return { ...frame, arrays: Object.fromEntries(Object.entries(frame.arrays).map(([name, [values, shape]]) => [name, { values: Array.from(values), shape }])) };
}

process.stdout.write(JSON.stringify(cases.map(follow)));
