// A latent outside the page: as a small file, and as part of a link.

import { floatsToText, fromBase64 } from "./maths.js";
import { download } from "./dom.js";

/** Save a latent as {"genlab": "latent", …}. */
export function save(steer) {
  const { run, document: about } = steer.exploration;
  const latent = { genlab: "latent", version: 1, run, images: about.images, z: Array.from(steer.z), y: steer.label };
  download(`latent-${run}.json`, `${JSON.stringify(latent)}\n`, "application/json");
}

/** Address of this page with the latent in it. */
export function link(steer) {
  const address = new URL(globalThis.location.href);
  const text = floatsToText(steer.z);
  address.searchParams.set("z", text.padEnd(Math.ceil(text.length / 4) * 4, "="));
  if (steer.label === null) address.searchParams.delete("y");
  else address.searchParams.set("y", steer.label);
  return address.href;
}

/** Copy text; false where the browser does not let us. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** The latent in a file's text: {z, y}. Throws a sentence when it does not fit the model. */
export function parse(text, exploration) {
  let found;
  try {
    found = JSON.parse(text);
  } catch {
    throw new Error("This file is not a saved latent: it is not JSON.");
  }
  if (found?.genlab !== "latent" || !Array.isArray(found.z)) throw new Error("This file is not a saved latent.");
  return fitting({ z: found.z, y: found.y }, exploration, found.run);
}

/** Check that a latent fits a model; `z` is a list, or base64 of float32. */
export function fitting({ z, y }, exploration, run) {
  const values = typeof z === "string" ? new Float32Array(fromBase64(z).buffer) : Float32Array.from(z);
  if (values.length !== exploration.dim) {
    throw new Error(`This latent has ${values.length} values; ${exploration.title} has ${exploration.dim} dimensions. Open the model it was saved from${run ? `: ${run}` : ""}.`);
  }
  if (!values.every(Number.isFinite)) throw new Error("This latent holds a value that is not a number.");
  const label = exploration.classes && Number.isInteger(y) && y >= 0 && y < exploration.classes.length ? y : undefined;
  return { z: values, y: label };
}
