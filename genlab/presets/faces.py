"""Few pictures of one kind of thing, such as portraits: what keeps a small GAN from memorising them, in minutes."""

from genlab.presets.base import PresetSpec

FEWEST_PIXELS = 48
"""Shorter side below which a picture shows too little of a face for the settings to be made for it."""

NARROWEST = 0.6
"""Shorter side as a share of the longer one: portraits are square or a little higher than wide."""

MOST = 3_000
"""Training images above which the usual presets do as well."""

BATCH = 16
"""Four times the steps of the usual batch in the same time: there are few images, and each is seen often anyway."""

NETWORK = {"network": {"name": "conv", "mapping": 1, "mapping_width": 256}}
CAREFUL = {"augment": "diffaugment", "penalty": {"name": "r1_r2", "weight": 1.0}, "penalty_every": 4}
"""Real and generated images are changed alike before the critic sees them (Zhao et al. 2020), and its gradients are
kept small on both, at every fourth turn, which leaves time for half as many images again."""

ADVERSARIAL = {"lr": 1.5e-3, "beta1": 0.0, "beta2": 0.99, "schedule": "cosine"}
WATCH = {"sample_every": 4_096, "checkpoint_every": 8_192}


def proposed(shape: tuple[int, ...], train: int) -> str:
    """Why these settings suit so many images of ``shape``, or ""; what is in them is not looked at."""
    if len(shape) != 3 or train >= MOST:
        return ""
    short, long = sorted(shape[1:])
    if short < FEWEST_PIXELS or short < NARROWEST * long:
        return ""
    return (
        f"{train:,} images of {shape[2]} × {shape[1]} pixels to train on are few and detailed, as portraits often are: "
        "these settings keep a GAN from memorising them."
    )


SPEC = PresetSpec(
    title="Faces",
    summary="A few hundred portraits, or the like, at 64 pixels: in some minutes, without memorising them",
    paper="Zhao et al., Differentiable augmentation for data-efficient GAN training, 2020; Mescheder, Geiger and "
    "Nowozin, Which training methods for GANs do actually converge?, 2018",
    settings={
        "images": {
            "vae": {
                **NETWORK,
                "optimiser": {"lr": 2e-3, "beta1": 0.9, "beta2": 0.999, "schedule": "cosine"},
                "training": {"images": 40_000, "batch_size": BATCH, "ema_half_life": 2_000},
                "watch": WATCH,
            },
            "gan": {
                **NETWORK,
                "model": CAREFUL,
                "optimiser": ADVERSARIAL,
                "training": {"images": 32_000, "batch_size": BATCH, "ema_half_life": 2_000},
                "watch": WATCH,
            },
            "vae_gan": {
                **NETWORK,
                "model": {**CAREFUL, "judged": "samples"},
                "optimiser": ADVERSARIAL,
                "training": {"images": 20_000, "batch_size": BATCH, "ema_half_life": 2_000},
                "watch": WATCH,
            },
        },
    },
    exactly=True,
    proposed=proposed,
)
