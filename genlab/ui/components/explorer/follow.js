// Bringing an open explorer to what Python says now.

import { fitting } from "./saved.js";

/** What has changed since the last time: projections, colours, the theme, groups, requests. */
export async function follow(app, data, previous, themed) {
  if (JSON.stringify(data.sources) !== JSON.stringify(previous.sources)) await refresh(app, data);
  if (data.projection && data.projection !== previous.projection) app.project(data.projection, false);
  if (data.colour !== previous.colour && data.colour !== null) app.colourBy(data.colour, false);
  if (themed) app.recolour();
  apply(app, data, previous);
}

/** New projections, directions or classes of the explorations that are open. */
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

/** Groups, and what Python asks for once: a selection, a latent. */
export function apply(app, data, previous) {
  if (JSON.stringify(data.groups) !== JSON.stringify(previous.groups)) {
    app.views.forEach(({ exploration, map }, i) => {
      const groups = data.groups.map((group) => ({ name: group.name, flags: exploration.groupFlags(group, i) }));
      map.overlay.setGroups(groups.filter((group) => group.flags));
    });
  }
  if (data.select && data.select.token !== app.token.select) {
    app.token.select = data.select.token;
    app.views.forEach(({ exploration, map }, i) => map.select(exploration.groupFlags(data.select, i) || new Uint8Array(exploration.n)));
    app.selected(false);
  }
  if (data.latent && data.latent.token !== app.token.latent) {
    app.token.latent = data.latent.token;
    begin(app, data.latent);
  }
}

function begin(app, latent) {
  const place = latent.source ?? 0, { exploration, steer } = app.views[place];
  try {
    const { z, y } = fitting(latent, exploration);
    steer.jump(z, { label: y, free: true });
  } catch (error) {
    app.say(error.message);
  }
}
