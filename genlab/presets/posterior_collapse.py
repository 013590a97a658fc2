"""A VAE whose KL term weighs too much from the start: the encoder gives up and every sample is the average."""

from genlab.presets.base import PresetSpec

MODEL = {"beta": 50.0, "kl_warmup": 0.0}

SPEC = PresetSpec(
    title="Posterior collapse",
    summary="The KL weighs fifty times too much: the latent code carries nothing",
    paper="Bowman et al., Generating sentences from a continuous space, 2016; Higgins et al., beta-VAE, 2017",
    teaches="When the KL costs more than the code is worth, the posterior becomes the prior and nothing is encoded.",
    settings={
        "images": {
            "vae": {
                "model": MODEL,
                "optimiser": {"lr": 1e-3, "beta1": 0.9, "beta2": 0.999},
                "training": {"images": 60_000},
                "watch": {"sample_every": 4_096, "checkpoint_every": 16_384},
            }
        },
        "points": {
            "vae": {
                "network": {"name": "mlp"},
                "latent_dim": 2,
                "model": {**MODEL, "likelihood": {"name": "gaussian", "sigma": "fixed"}},
                "optimiser": {"lr": 1e-3, "beta1": 0.9, "beta2": 0.999},
                "training": {"images": 200_000, "batch_size": 256},
            },
        },
    },
)
