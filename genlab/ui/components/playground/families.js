// The families of the models that the playground trains, and what their players are called.

export const FAMILIES = {
  vae: { title: "VAE", glyph: "●", light: "#0072B2", dark: "#56A9E0" },
  gan: { title: "GAN", glyph: "▲", light: "#D55E00", dark: "#F0803C" },
  vae_gan: { title: "VAE-GAN", glyph: "◆", light: "#009E73", dark: "#2DC596" },
};

export const PLAYERS = {
  vae: "encoder and decoder", critic: "critic", generator: "generator", encoder: "encoder", decoder: "decoder",
};

export const familyColour = (model, dark) => FAMILIES[model][dark ? "dark" : "light"];
