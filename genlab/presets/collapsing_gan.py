"""A GAN as it was in 2014, with a generator faster than its critic: it hops from one part of the data to another."""

from genlab.presets.base import PresetSpec

MODEL = {"loss": {"name": "non_saturating"}, "penalty": {"name": "none"}}
OPTIMISER = {"lr": 1e-3, "critic_lr": 3e-4, "beta1": 0.9, "beta2": 0.9}
"""The generator has arrived at whatever the critic likes before the critic has seen it there (Metz et al. 2017)."""

SPEC = PresetSpec(
    title="Collapsing GAN",
    summary="No penalty and a generator faster than its critic: samples lose their variety",
    paper="Goodfellow et al., Generative adversarial nets, 2014; Metz et al., Unrolled generative adversarial "
    "networks, 2017",
    teaches="Without a penalty the generator may satisfy the critic with a few kinds of samples: mode collapse.",
    settings={
        "images": {
            "gan": {
                "model": MODEL,
                "optimiser": OPTIMISER,
                "training": {"images": 60_000, "ema_half_life": 0},
                "watch": {"sample_every": 4_096, "checkpoint_every": 16_384},
            },
        },
        "points": {
            "gan": {
                "network": {"name": "mlp"},
                "latent_dim": 2,
                "model": MODEL,
                "optimiser": OPTIMISER,
                "training": {"images": 300_000, "batch_size": 128, "ema_half_life": 0},
                "watch": {"log_every": 2_048, "sample_every": 8_192, "checkpoint_every": 65_536},
            },
        },
    },
)
