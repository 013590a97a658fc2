// The families of the models that the playground trains, and what their players are called.

/** @type {Record<playground.Model, { title: string, glyph: string, light: string, dark: string }>} */
export const FAMILIES = {
  vae: { title: "VAE", glyph: "●", light: "#0072B2", dark: "#56A9E0" },
  gan: { title: "GAN", glyph: "▲", light: "#D55E00", dark: "#F0803C" },
  vae_gan: { title: "VAE-GAN", glyph: "◆", light: "#009E73", dark: "#2DC596" },
};

/** @type {Record<string, string>} */
export const PLAYERS = {
  vae: "encoder and decoder", critic: "critic", generator: "generator", encoder: "encoder", decoder: "decoder",
};

/** @param {playground.Model} model @param {boolean} dark */
export const familyColour = (model, dark) => FAMILIES[model][dark ? "dark" : "light"];
