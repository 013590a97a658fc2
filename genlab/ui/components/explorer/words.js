// What an item of the map is called, and what is known of it.

/** ["Image 123", "Class: 7"]: which it is, and its value of what colours mean. */
export function wordsOf({ exploration, legend }, index) {
  const part = exploration.partOf(index), number = (index - (part?.start || 0) + 1).toLocaleString("en");
  return [`${exploration.isData(index) ? "Image" : "Sample"} ${number}`, legend.words(index)];
}

/** "image 123, class 7". */
export function nameOf(view, index) {
  const known = view.exploration.attributes.find((each) => each.name === "class")?.categories?.[view.classes?.[index]];
  return wordsOf(view, index)[0].toLowerCase() + (known === undefined ? "" : `, class ${known}`);
}

/** The class an item is decoded with: its own, where the model is told one and it is known. */
export function labelOf({ exploration, classes }, index) {
  return exploration.classes && classes && Number.isInteger(classes[index]) ? classes[index] : undefined;
}
