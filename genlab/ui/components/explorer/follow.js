// Bringing an open explorer to what Python says now.

import { sentence } from "../dom.js";
import { fitting } from "./saved.js";

/** @typedef {import("./app.js").App} App */

/**
 * What has changed since the last time: projections, colours, the theme, groups, requests.
 *
 * @param {App} app
 * @param {explorer.Data} data
 * @param {Partial<explorer.Data>} previous
 * @param {boolean} themed
 */
export async function follow(app, data, previous, themed) {
  if (JSON.stringify(data.sources) !== JSON.stringify(previous.sources)) await refresh(app, data);
  if (data.projection && data.projection !== previous.projection) app.project(data.projection, false);
  if (data.colour !== previous.colour && data.colour !== null) app.colourBy(data.colour, false);
  if (themed) app.recolour();
  apply(app, data, previous);
}

/**
 * New projections, directions or classes of the explorations that are open.
 *
 * @param {App} app
 * @param {explorer.Data} data
 */
async function refresh(app, data) {
  await Promise.all(app.views.map(async (view, i) => {
    const { exploration } = view, before = exploration.source.changes;
    exploration.source = data.sources[i];
    await exploration.refresh();
    if (exploration.source.changes === before) return;
    await app.learn(view);
    await view.legend.use(app.colour);
  }));
  app.recolour();
  app.bar.offer(app.views.map((each) => each.exploration), app.colour, app.projection, app.shown);
  app.sliders.follow(app.steer);
}

/**
 * Groups, and what Python asks for once: a selection, a latent.
 *
 * @param {App} app
 * @param {explorer.Data} data
 * @param {Partial<explorer.Data>} previous
 */
export function apply(app, data, previous) {
  if (JSON.stringify(data.groups) !== JSON.stringify(previous.groups)) {
    app.views.forEach(({ exploration, map }, i) => {
      map.overlay.setGroups(data.groups.flatMap(({ name, bits }) => {
        const flags = exploration.flagsOf(bits[i]);
        return flags ? [{ name, flags }] : [];
      }));
    });
  }
  const { select } = data;
  if (select && select.token !== app.token.select) {
    app.token.select = select.token;
    app.views.forEach(({ exploration, map }, i) => map.select(exploration.flagsOf(select.bits[i]) ?? new Uint8Array(exploration.n)));
    app.selected(false);
  }
  if (data.latent && data.latent.token !== app.token.latent) {
    app.token.latent = data.latent.token;
    begin(app, data.latent);
  }
}

/** @param {App} app @param {NonNullable<explorer.Data["latent"]>} latent */
function begin(app, latent) {
  const place = latent.source ?? 0, { exploration, steer } = app.views[place];
  try {
    const { z, y } = fitting(latent, exploration);
    steer.jump(z, { label: y, free: true });
  } catch (error) {
    app.say(sentence(error));
  }
}
