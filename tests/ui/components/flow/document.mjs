// A small document as `genlab.evaluation.flow` writes it.

const draw = { noise: [3, 4], z: [1, -1], layers: "", picture: "AAAA", mse: 0.25, nats: 10, loss: 13, terms: {}, score: null };
const item = { index: 4, label: "7", picture: "AAAA", layers: "", mean: [1, 0], sigma: [0.5, 1], kl: [2.9, 0.1], total_kl: 3, score: null, draws: [draw, { ...draw, nats: 11, loss: 14 }] };
const sample = { z: [0.6, 0.8], label: null, layers: "", picture: "AAAA", score: null, critic_layers: "", against: null, loss: null, gradient: null, largest: null, pull: [], length: null };

export const DATA = { src: "", title: "mine", family: "VAE", glyph: "", colour: { light: "", dark: "" }, ink: { light: "", dark: "" }, mode: "light", parameters: {}, numbers: {}, one: "image", frames: 1 };
export const CHOICE = { path: "reconstruct", item: 0, draw: 0, sample: 0 };

export const VAE = {
  images: 100, shape: [1, 2, 2], latent_dim: 2, dimensions: [0, 1], loss: "", likelihood: "Bernoulli",
  encoder: [{ maps: 6, height: 14, width: 14, of: 32 }, { maps: 1, height: 1, width: 24, of: 256 }],
  decoder: [{ maps: 6, height: 7, width: 7, of: 64 }], critic: null, items: [item, { ...item, label: null }], samples: [sample, sample],
};

export const GAN = {
  ...VAE, loss: "Hinge", likelihood: "", encoder: null, critic: [], items: [{ ...item, score: 1.5, draws: [] }],
  samples: [{ ...sample, score: -0.5, against: 0, loss: 0.5, gradient: "gICA", largest: 0.125, pull: [0.1, -0.2], length: 0.25 }, sample],
};
