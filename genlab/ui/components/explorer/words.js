// What an item of the map is called, and what is known of it.

/** @typedef {Pick<explorer.Exploration, "attributes" | "classes" | "isData" | "partOf"> & { source?: explorer.Source }} Items */

/**
 * ["Image 123", "Class: 7"]: which it is, and its value of what colours mean.
 *
 * @param {{ exploration: Items, legend: { words(index: number): string } }} view
 * @param {number} index
 */
export function wordsOf({ exploration, legend }, index) {
  const part = exploration.partOf(index), number = (index - (part?.start || 0) + 1).toLocaleString("en");
  const one = exploration.isData(index) ? exploration.source?.media?.one ?? "image" : "sample";
  return [`${one[0].toUpperCase()}${one.slice(1)} ${number}`, legend.words(index)];
}

/**
 * "image 123, class 7".
 *
 * @param {Parameters<typeof wordsOf>[0] & { classes: Float32Array | null }} view
 * @param {number} index
 */
export function nameOf(view, index) {
  const names = view.exploration.attributes.find((each) => each.name === "class")?.categories;
  const known = view.classes ? names?.[view.classes[index]] : undefined;
  return wordsOf(view, index)[0].toLowerCase() + (known === undefined ? "" : `, class ${known}`);
}

/**
 * The class an item is decoded with: its own, where the model is told one and it is known.
 *
 * @param {{ exploration: Pick<Items, "classes">, classes: Float32Array | null }} view
 * @param {number} index
 */
export function labelOf({ exploration, classes }, index) {
  return exploration.classes && classes && Number.isInteger(classes[index]) ? classes[index] : undefined;
}
