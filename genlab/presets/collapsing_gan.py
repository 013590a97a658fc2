"""A GAN as it was in 2014, trained too fast: it forgets most of the data, or hops from one part to another."""

from genlab.presets.base import PresetSpec

MODEL = {"loss": {"name": "non_saturating"}, "penalty": {"name": "none"}}
OPTIMISER = {"lr": 3e-3, "beta1": 0.5, "beta2": 0.9}

SPEC = PresetSpec(
    title="Collapsing GAN",
    summary="No penalty and a high learning rate: samples lose their variety",
    paper="Goodfellow et al., Generative adversarial nets, 2014; Srivastava et al., VEEGAN, 2017",
    teaches="Without a penalty the generator may satisfy the critic with a few kinds of samples: mode collapse.",
    models={
        "gan": {
            "model": MODEL,
            "latent_dim": 4,
            "optimiser": OPTIMISER,
            "training": {"images": 60_000},
            "watch": {"sample_every": 4_096, "checkpoint_every": 16_384},
        },
    },
    points={
        "gan": {
            "network": {"name": "mlp"},
            "latent_dim": 2,
            "model": MODEL,
            "optimiser": OPTIMISER,
            "training": {"images": 300_000, "batch_size": 128, "ema_half_life": 0},
            "watch": {"log_every": 2_048, "sample_every": 8_192, "checkpoint_every": 65_536},
        },
    },
)
