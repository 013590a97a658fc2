// The families that come with genlab, as Python tells the page of them, for tests.

const GAME = ["loss", "penalty", "weight", "critic_lr", "generator_lr", "critic_repeats", "generator_repeats", "momentum"];

export const THREE = [
  {
    name: "vae", title: "VAE", one: "A VAE", glyph: "●", symbol: "circle", light: "#0072B2", dark: "#56A9E0",
    parts: ["encoder", "likelihood"], knobs: ["beta", "sigma", "vae_lr"],
    samples: "A VAE's samples are its decoder's means, without their noise.",
  },
  {
    name: "gan", title: "GAN", one: "A GAN", glyph: "▲", symbol: "triangle-up", light: "#D55E00", dark: "#F0803C",
    parts: ["critic"], knobs: [...GAME, "pack"], samples: "",
  },
  {
    name: "vae_gan", title: "VAE-GAN", one: "A VAE-GAN", glyph: "◆", symbol: "diamond", light: "#009E73", dark: "#2DC596",
    parts: ["encoder", "critic"], knobs: [...GAME, "beta"], samples: "",
  },
];
