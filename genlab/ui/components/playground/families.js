// The families of the models that the playground trains: what Python says of each.

/** Family -> what is known of it, in the order of the page. @type {Record<playground.Model, playground.Family>} */
export const FAMILIES = {};

/** Take what Python says of the families, in the place of what was known. @param {playground.Family[]} families */
export function meet(families) {
  for (const name of Object.keys(FAMILIES)) delete FAMILIES[name];
  for (const family of families) FAMILIES[family.name] = family;
}

/** Whether a model has a part. @param {playground.Model} model @param {playground.Part} part */
export const has = (model, part) => FAMILIES[model].parts.includes(part);

/**
 * Whether a setting does something to a model: one that no family claims for itself does something to all.
 *
 * @param {playground.Model} model
 * @param {string} knob
 */
export const heeds = (model, knob) =>
  FAMILIES[model].knobs.includes(knob) || !Object.values(FAMILIES).some((family) => family.knobs.includes(knob));

/** @param {playground.Model} model @param {boolean} dark */
export const familyColour = (model, dark) => FAMILIES[model][dark ? "dark" : "light"];
