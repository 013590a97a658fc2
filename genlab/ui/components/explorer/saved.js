// A latent outside the page: as a small file, and as part of a link.

import { download } from "../dom.js";
import { floatsToText, fromBase64 } from "../maths.js";

/** What a latent has to fit. @typedef {Pick<explorer.Exploration, "dim" | "classes" | "title">} Model */

/** Save a latent as {"genlab": "latent", …}. @param {explorer.Steer} steer */
export function save(steer) {
  const { run, document: about } = steer.exploration;
  const latent = { genlab: "latent", version: 1, run, images: about.images, z: Array.from(steer.z), y: steer.label };
  download(new Blob([`${JSON.stringify(latent)}\n`], { type: "application/json" }), `latent-${run}.json`);
}

/** Address of this page with the latent in it. @param {Pick<explorer.Steer, "z" | "label">} steer */
export function link(steer) {
  const address = new URL(globalThis.location.href);
  address.searchParams.set("z", padded(steer.z));
  if (steer.label === null) address.searchParams.delete("y");
  else address.searchParams.set("y", String(steer.label));
  return address.href;
}

/** float32 values as base64url with padding. @param {ArrayLike<number>} z */
export function padded(z) {
  const text = floatsToText(z);
  return text.padEnd(Math.ceil(text.length / 4) * 4, "=");
}

/**
 * Keep latent, walk and view in the address, so that a reload or a copied address shows the same.
 *
 * @param {{ steer: Pick<explorer.Steer, "z" | "label">, walk: { points: explorer.WalkPoint[] }, projection: string, colour: string }} shown
 */
export function note({ steer, walk, projection, colour }) {
  const address = new URL(link(steer)), { searchParams } = address;
  searchParams.delete("w");
  for (const { z } of walk.points) searchParams.append("w", padded(z));
  for (const [name, value] of [["map", projection], ["colour", colour]]) {
    if (value) searchParams.set(name, value);
    else searchParams.delete(name);
  }
  if (address.href !== globalThis.location.href) globalThis.history.replaceState(globalThis.history.state, "", address.href);
}

/** The points of the walk in the address that fit a model, as latents. @param {Model} exploration */
export function walkInAddress(exploration) {
  /** @type {explorer.WalkPoint[]} */
  const points = [];
  for (const text of new URLSearchParams(globalThis.location.search).getAll("w").slice(0, 4)) {
    try {
      points.push({ kind: "latent", z: fitting({ z: text }, exploration).z });
    } catch {
      // What belongs to another model is left out.
    }
  }
  return points;
}

/**
 * The latent in a file's text: {z, y}. Throws a sentence when it does not fit the model.
 *
 * @param {string} text
 * @param {Model} exploration
 */
export function parse(text, exploration) {
  /** @type {{ genlab?: unknown, z?: unknown, y?: unknown, run?: unknown } | null} */
  let found;
  try {
    found = JSON.parse(text);
  } catch {
    throw new Error("This file is not a saved latent: it is not JSON.");
  }
  if (found?.genlab !== "latent" || !Array.isArray(found.z)) throw new Error("This file is not a saved latent.");
  return fitting({ z: found.z, y: found.y }, exploration, typeof found.run === "string" ? found.run : "");
}

/**
 * Check that a latent fits a model; `z` is a list, or base64 of float32.
 *
 * @param {{ z: string | ArrayLike<number>, y?: unknown }} latent
 * @param {Model} exploration
 * @param {string} [run] Where it was saved.
 * @returns {{ z: Float32Array, y: number | undefined }}
 */
export function fitting({ z, y }, exploration, run) {
  const values = typeof z === "string" ? floats(z) : Float32Array.from(z);
  if (values.length !== exploration.dim) {
    throw new Error(`This latent has ${values.length} values; ${exploration.title} has ${exploration.dim} dimensions. Open the model it was saved from${run ? `: ${run}` : ""}.`);
  }
  if (!values.every(Number.isFinite)) throw new Error("This latent holds a value that is not a number.");
  const many = exploration.classes?.length ?? 0;
  const label = typeof y === "number" && Number.isInteger(y) && y >= 0 && y < many ? y : undefined;
  return { z: values, y: label };
}

/** float32 values of base64. @param {string} text */
function floats(text) {
  try {
    return new Float32Array(fromBase64(text).buffer);
  } catch {
    throw new Error("This latent cannot be read: its address has been cut off or changed.");
  }
}
