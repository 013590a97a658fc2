// What steps and pictures of the browser's engine cost, in processor time: for benchmarks/classroom.py.

import { readFileSync } from "node:fs";

const CODE = new URL("../genlab/ui/components/playground/", import.meta.url);
const [{ Arithmetic }, { readData }, { Session }, { meet }] = await Promise.all(
  ["engine/arithmetic.js", "engine/data.js", "engine/session.js", "families.js"].map((name) => import(new URL(name, CODE))));

const { scenario, families, points } = JSON.parse(readFileSync(0, "utf8"));
meet(families);
const module = await WebAssembly.compile(readFileSync(new URL("engine/kernels.wasm", CODE)));
const own = Object.fromEntries(families.map((family) => [family.name, family]));
const session = new Session(new Arithmetic(module), own, scenario, readData(Uint8Array.from(Buffer.from(points, "hex")).buffer));

/** Processor milliseconds of one call. */
function cost(what, times) {
  for (let i = 0; i < times / 4; i += 1) what();
  const before = process.cpuUsage();
  for (let i = 0; i < times; i += 1) what();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / times;
}

session.run(true);
const step = cost(() => session.tick(), 300), draw = cost(() => session.frame(1), 100), measure = cost(() => session.measure(), 20);
process.stdout.write(JSON.stringify({ step_ms: step, draw_ms: draw, measure_ms: measure, picture_ms: step + draw, steps: session.step }));
