"""The minimax loss against a critic that learns much faster: the generator's gradient vanishes."""

from genlab.presets.base import PresetSpec

MODEL = {"loss": {"name": "minimax"}, "penalty": {"name": "none"}}
OPTIMISER = {"lr": 2e-4, "critic_lr": 2e-3, "beta1": 0.5, "beta2": 0.9}
NARROW = {**OPTIMISER, "lr": 2e-5, "critic_lr": 5e-3}
"""In the plane real and generated points are never far apart: the critic has to be faster still."""

SPEC = PresetSpec(
    title="Critic too strong",
    summary="A fast critic and the minimax loss: the generator gets no gradient",
    paper="Goodfellow et al., Generative adversarial nets, 2014, section 3; Arjovsky and Bottou, Towards principled "
    "methods for training generative adversarial networks, 2017",
    teaches="A critic that is always right tells the generator nothing about the way: its gradient vanishes.",
    settings={
        "images": {
            "gan": {
                "model": MODEL,
                "optimiser": OPTIMISER,
                "training": {"images": 60_000},
                "watch": {"sample_every": 4_096, "checkpoint_every": 16_384},
            }
        },
        "points": {
            "gan": {
                "network": {"name": "mlp"},
                "latent_dim": 2,
                "model": MODEL,
                "optimiser": NARROW,
                "training": {"images": 400_000, "batch_size": 128},
                "watch": {"log_every": 2_048, "sample_every": 16_384, "checkpoint_every": 65_536},
            },
        },
    },
)
