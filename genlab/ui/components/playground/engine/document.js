// A playground as a file, as `genlab.playground.document` writes and reads it: JSON with safetensors inside.

import { Refused } from "./session.js";

const FORMAT = "genlab-playground";
const VERSION = 1;
const DAMAGED = "Save the session again, or start from a scene.";

/** A tensor. @typedef {{ type: "F32" | "I64", shape: number[], values: ArrayLike<number> }} Tensor */

/** The session as a JSON document. @param {import("./session.js").Session} session */
export function write(session) {
  const models = Object.fromEntries([...session.learners].map(([model, learner]) => {
    return [model, { step: learner.step, images: learner.images, weights: base64(pack(tensors(learner))) }];
  }));
  return JSON.stringify({ format: FORMAT, version: VERSION, scenario: session.scenario, step: session.step, rows: session.rows, models });
}

/** All tensors of a model, by the names that PyTorch gives them. @param {import("./learner.js").Learner} learner */
function tensors({ trainer }) {
  /** @type {Record<string, Tensor>} */
  const found = {};
  for (const player of trainer.players) {
    let index = 0;
    for (const [name, layer] of player.named()) {
      for (const part of /** @type {const} */ (["weight", "bias"])) {
        const shape = part === "weight" ? [layer.outputs, layer.inputs] : [layer.outputs];
        found[`weights/${name}.${part}`] = { type: "F32", shape, values: layer[part] };
        if (player.turns) {
          const own = `optimiser/${player.name}/${index}`, [first, second] = layer.moments[part];
          found[`${own}/step`] = { type: "F32", shape: [], values: [player.turns] };
          found[`${own}/exp_avg`] = { type: "F32", shape, values: first };
          found[`${own}/exp_avg_sq`] = { type: "F32", shape, values: second };
        }
        index += 1;
      }
    }
    if (trainer.fitted) {
      found[`weights/${player.name}.likelihood.variance`] = { type: "F32", shape: [], values: [trainer.fitted.variance] };
      found[`weights/${player.name}.likelihood.batches`] = { type: "I64", shape: [], values: [trainer.fitted.batches] };
    }
  }
  return found;
}

/** Safetensors: the length of a header, the header in JSON, and the bytes. @param {Record<string, Tensor>} named */
function pack(named) {
  /** @type {Record<string, object>} */
  const header = {};
  const parts = Object.entries(named).map(([, { type, values }]) => bytesOf(type, values));
  let at = 0;
  Object.entries(named).forEach(([name, { type, shape }], index) => {
    header[name] = { dtype: type, shape, data_offsets: [at, at + parts[index].length] };
    at += parts[index].length;
  });
  let text = JSON.stringify(header);
  text += " ".repeat((8 - (text.length % 8)) % 8);
  const bytes = new Uint8Array(8 + text.length + at), head = new TextEncoder().encode(text);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(head.length), true);
  bytes.set(head, 8);
  let place = 8 + head.length;
  for (const part of parts) {
    bytes.set(part, place);
    place += part.length;
  }
  return bytes;
}

/** @param {string} type @param {ArrayLike<number>} values */
function bytesOf(type, values) {
  const array = type === "I64" ? BigInt64Array.from(Array.from(values), (value) => BigInt(value)) : Float32Array.from(values);
  return new Uint8Array(array.buffer);
}

/** @param {Uint8Array} bytes */
function unpack(bytes) {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  /** @type {Record<string, { dtype: string, shape: number[], data_offsets: [number, number] }>} */
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  /** @type {Record<string, { shape: number[], values: number[] }>} */
  const found = {};
  for (const [name, { dtype, shape, data_offsets: [start, end] }] of Object.entries(header)) {
    const own = bytes.slice(8 + length + start, 8 + length + end).buffer;
    found[name] = { shape, values: dtype === "I64" ? Array.from(new BigInt64Array(own), Number) : Array.from(new Float32Array(own)) };
  }
  return found;
}

/** @param {Uint8Array} bytes */
function base64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

/**
 * What the text of a file holds, of the right kinds throughout.
 *
 * @param {string} text
 * @param {Record<string, playground.Field>} fields
 * @returns {engine.Saved}
 */
export function read(text, fields) {
  let found;
  try {
    found = JSON.parse(text);
  } catch {
    found = null;
  }
  if (found?.format !== FORMAT) throw new Refused("This file is not a saved playground.", "Choose a file that this page saved.");
  if (found.version !== VERSION) throw new Refused(`The file has version ${String(found.version).slice(0, 20)}; this genlab reads ${VERSION}.`, "Update genlab.");
  const { scenario, step, rows, models } = found;
  check(scenario, fields);
  if (!counted(step) || !Array.isArray(rows) || !rows.every(measured) || typeof models !== "object" || !models) {
    throw new Refused("The file is damaged.", DAMAGED);
  }
  if (Object.keys(models).sort().join() !== scenario.models.slice().sort().join()) {
    throw new Refused("The file does not hold the models that its settings name.", DAMAGED);
  }
  return { scenario, step, rows, models };
}

/** @param {unknown} value */
const counted = (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) < 1e12;

/** Whether it is a row of the curves. @param {unknown} row */
function measured(row) {
  const { step, models } = Object(row);
  /** @param {unknown} value */
  const number = (value) => value === null || Number.isFinite(value);
  return counted(step) && Object.values(Object(models)).every((one) => {
    const { losses, kl, js, modes, near } = Object(one);
    return [kl, js, modes, near].every(number) && typeof losses === "object" && Object.values(Object(losses)).every(number);
  });
}

/**
 * Refuse settings that are unknown or out of range.
 *
 * @param {unknown} scenario @param {Record<string, playground.Field>} fields
 */
function check(scenario, fields) {
  for (const name of Object.keys(fields)) {
    const value = Object(scenario)[name], { ge, le, integer, choices } = fields[name];
    const listed = Array.isArray(value) && value.length <= 256 && value.every((one) => typeof one === "string" || (Array.isArray(one) && one.length === 2 && one.every((place) => Number.isInteger(place) && place >= 0 && place <= 255)));
    const within = typeof value === "number" && Number.isFinite(value) && value >= (ge ?? -Infinity) && value <= (le ?? Infinity) && (!integer || Number.isInteger(value));
    const right = choices ? choices.includes(value) : ge === undefined && le === undefined ? listed : within;
    if (!right) throw new Refused(`The file is damaged: its setting ${name} is missing or out of range.`, DAMAGED);
  }
  if (Object.keys(Object(scenario)).some((name) => !(name in fields))) throw new Refused("The file has a setting that there is not.", DAMAGED);
}

/**
 * Put weights and moments of a file into a session that has its settings.
 *
 * @param {import("./session.js").Session} session @param {engine.Saved} saved
 */
export function restore(session, saved) {
  for (const [model, learner] of session.learners) {
    const { step, images, weights } = saved.models[model];
    try {
      if (!counted(step) || !counted(images)) throw new Error("counts");
      fillIn(learner, unpack(Uint8Array.from(atob(weights), (letter) => letter.charCodeAt(0))));
    } catch {
      throw new Refused(`The weights of the ${model} in the file are damaged or of other networks.`, DAMAGED);
    }
    learner.step = step;
    learner.images = images;
  }
  session.restore(saved.step, saved.rows.map((row) => ({ ...row, models: Object.fromEntries(Object.entries(row.models).filter(([name]) => session.learners.has(name))) })));
}

/** @param {import("./learner.js").Learner} learner @param {ReturnType<typeof unpack>} found */
function fillIn({ trainer }, found) {
  /** @param {string} name @param {number} count */
  const values = (name, count) => {
    const own = found[name].values;
    if (own.length !== count || !own.every(Number.isFinite)) throw new Error(name);
    return own;
  };
  for (const player of trainer.players) {
    let index = 0;
    for (const [name, layer] of player.named()) {
      for (const part of /** @type {const} */ (["weight", "bias"])) {
        const count = layer[part].length, own = `optimiser/${player.name}/${index}`;
        layer[part].set(values(`weights/${name}.${part}`, count));
        if (found[`${own}/step`]) {
          [player.turns] = values(`${own}/step`, 1);
          layer.moments[part][0].set(values(`${own}/exp_avg`, count));
          layer.moments[part][1].set(values(`${own}/exp_avg_sq`, count));
        }
        index += 1;
      }
      layer.refresh();
    }
    if (trainer.fitted) {
      [trainer.fitted.variance] = values(`weights/${player.name}.likelihood.variance`, 1);
      [trainer.fitted.batches] = values(`weights/${player.name}.likelihood.batches`, 1);
    }
  }
}
