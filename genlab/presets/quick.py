"""Short, a few minutes on two cores on digits: something to look at soon."""

from typing import Any

from genlab.presets.base import PresetSpec

PENALTY = {"penalty": {"name": "r1_r2", "weight": 1.0}}
"""Under a weaker one a GAN makes classes less evenly, and a hybrid's critic that is shown reconstructions too wins."""

HYBRID = {**PENALTY, "judged": "samples"}
"""Shown reconstructions as well, as in the paper, the critic spends itself on them. On MNIST (5,000 images, one seed)
coverage is 0.82 without and 0.74 with them, and a step is a quarter faster; reconstructions are 1 dB further off."""

ADVERSARIAL = {"lr": 2e-3, "beta1": 0.0, "beta2": 0.99, "schedule": "cosine"}
VARIATIONAL = {"lr": 2e-3, "beta1": 0.9, "beta2": 0.999, "schedule": "cosine"}
NETWORK = {"network": {"name": "conv", "mapping": 2}}
"""Two narrow layers before the first map let a decoder tell its modes apart, at next to no cost: a GAN's coverage rises
from 0.67 to 0.91 on MNIST (5,000 images, one seed). With four its recall falls from 0.84 to 0.57."""

TRANSLATING = {"name": "conv", "full_resolution": 8}
"""Without convolutions at full resolution restorations of clothes lacked about twice as much in high frequencies
(60,000 images, noise 0.3, one seed)."""

SPARING = {"penalty": {"name": "r1_r2", "weight": 1.0}, "penalty_every": 4}
"""The same penalty at every fourth turn of the critic: half as many sounds again in the same time."""

SPECTROGRAMS = {"network": {"name": "conv", "width": 16, "mapping": 2}}
"""Pictures of 64 by 64 take five times the work of a digit's: half the width makes up for most of it."""

POINTS = {
    "network": {"name": "mlp"},
    "latent_dim": 2,
    "training": {"images": 500_000, "batch_size": 256, "ema_half_life": 10_000},
    "watch": {"log_every": 4_096, "sample_every": 32_768, "checkpoint_every": 131_072},
}

TEXTS: dict[str, Any] = {
    "network": {"name": "sequence", "width": 64, "features": 512, "mapping": 2, "mapping_width": 512},
    "latent_dim": 11,
    "training": {"images": 300_000, "batch_size": 128, "ema_half_life": 10_000},
    "watch": {"log_every": 4_096, "sample_every": 32_768, "checkpoint_every": 65_536},
}
"""Wide layers between places and latents, narrow ones at each place: on `sentences` of words such a VAE reconstructs
97 % of held-out sentences exactly after 75,000 texts, and one of 128 channels and 256 features 14 % (one seed each,
learning rates of 0.003 and 0.002).

With more latents more of the codes lie where nothing was encoded, with fewer not all words find room: of words, after
300,000 texts, 88 % of samples were grammatical with 16 latents, 91 % with 11, 92 % with 8, and 100, 100 and 52 % of
held-out sentences reconstructed exactly (one seed each; `beta` 0.6, 0.8, 0.7)."""

WORDS = {"likelihood": {"name": "categorical"}, "kl_warmup": 0.6, "beta": 0.6}
"""A long warm-up: a word that no other depends on costs as much KL as it spares of the reconstruction, so that at beta
1 it is never encoded. Below 1 it is, and the rising weight then closes the gaps between codes. On `sentences` of parts,
one seed each: at 0.8 a VAE that is told tense, number and negation has not encoded the object after 200,000 texts. At
0.5 it has, but one that is told nothing reconstructs 75 % exactly by then; after 300,000 at 0.6 it reconstructs all."""

SYMBOLIC = {"penalty": {"name": "r1_r2", "weight": 0.1}}
"""Two texts are a fifth as far apart as two pictures: under a penalty of 1 the critic's scores hardly differ."""

FILM: dict[str, Any] = {
    "network": {"name": "film", "width": 16, "mapping": 2},
    "training": {"batch_size": 16, "ema_half_life": 2_000},
    "watch": {"log_every": 1_024, "sample_every": 4_096, "checkpoint_every": 8_192},
}
"""A batch of 16 films is one of 256 frames, and steps are what a critic's game needs: after 4,096 films in batches of
64 a GAN's films were black, in batches of 16 strokes ran about (moving digits, one seed)."""

FILM_ADVERSARIAL = {**ADVERSARIAL, "lr": 1e-3}
"""Sixteen frames are sixteen times the input of a picture: with the 2e-3 that suits those, the critic's scores are 20
apart within three steps."""

FILM_PENALTY = {"penalty": {"name": "r1_r2", "weight": 10.0}, "penalty_every": 2}
"""A change that is spread over sixteen times as many pixels takes a gradient a quarter as long."""

SPEC = PresetSpec(
    title="Quick",
    summary="Short: good enough to see and to explore",
    adapts=True,
    chosen_on={"mnist-5k": "test", "sentences": "test"},
    settings={
        "images": {
            "vae": {**NETWORK, "optimiser": VARIATIONAL, "training": {"images": 180_000, "ema_half_life": 5_000}},
            "gan": {
                **NETWORK,
                "model": PENALTY,
                "optimiser": ADVERSARIAL,
                "training": {"images": 170_000, "ema_half_life": 5_000},
            },
            "vae_gan": {
                **NETWORK,
                "model": HYBRID,
                "optimiser": ADVERSARIAL,
                "training": {"images": 85_000, "ema_half_life": 5_000},
                "watch": {"sample_every": 4_096, "checkpoint_every": 16_384},
            },
            "soft_intro_vae": {
                **NETWORK,
                "optimiser": {**VARIATIONAL, "lr": 5e-4},
                "training": {"images": 100_000, "ema_half_life": 5_000},
            },
            "restorer": {
                "network": TRANSLATING,
                "optimiser": {"lr": 1e-3, "beta1": 0.5, "beta2": 0.99, "schedule": "cosine"},
                "training": {"images": 100_000, "ema_half_life": 5_000},
            },
            "cycle_gan": {
                "network": {**TRANSLATING, "width": 24},
                "conditional": True,
                "model": {"identity": 0.0},
                "optimiser": {"lr": 1e-3, "beta1": 0.5, "beta2": 0.99, "schedule": "cosine"},
                "training": {"images": 50_000, "ema_half_life": 5_000},
                "watch": {"sample_every": 4_096, "checkpoint_every": 16_384},
            },
        },
        "sound": {
            "vae": {
                **SPECTROGRAMS,
                "model": {"likelihood": {"name": "gaussian"}},
                "optimiser": VARIATIONAL,
                "training": {"images": 100_000, "ema_half_life": 4_000},
            },
            "gan": {
                **SPECTROGRAMS,
                "model": SPARING,
                "optimiser": ADVERSARIAL,
                "training": {"images": 60_000, "ema_half_life": 3_000},
            },
            "vae_gan": {
                **SPECTROGRAMS,
                "model": {**SPARING, "judged": "samples"},
                "optimiser": ADVERSARIAL,
                "training": {"images": 40_000, "ema_half_life": 2_000},
                "watch": {"sample_every": 4_096, "checkpoint_every": 16_384},
            },
        },
        "points": {
            "vae": {
                **POINTS,
                "model": {"likelihood": {"name": "gaussian", "sigma": "learned", "speed": 4.0}, "kl_warmup": 0.5},
                "optimiser": {**VARIATIONAL, "lr": 1e-3},
            },
            **{
                model: {**POINTS, "optimiser": {**ADVERSARIAL, "lr": 1e-3}}
                for model in ("gan", "vae_gan", "soft_intro_vae")
            },
        },
        "texts": {
            "vae": {
                **TEXTS,
                "model": WORDS,
                "optimiser": {**VARIATIONAL, "lr": 3e-3},
            },
            "gan": {
                **TEXTS,
                "model": SYMBOLIC,
                "optimiser": ADVERSARIAL,
                "training": {**TEXTS["training"], "images": 150_000},
                "watch": {**TEXTS["watch"], "sample_every": 16_384, "checkpoint_every": 32_768},
            },
            "vae_gan": {
                **TEXTS,
                "model": {**HYBRID, **SYMBOLIC},
                "optimiser": ADVERSARIAL,
                "training": {**TEXTS["training"], "images": 100_000},
                "watch": {**TEXTS["watch"], "sample_every": 16_384, "checkpoint_every": 32_768},
            },
        },
        "film": {
            "vae": {
                **FILM,
                "optimiser": {**VARIATIONAL, "lr": 1e-3},
                "training": {**FILM["training"], "images": 50_000},
            },
            "gan": {
                **FILM,
                "model": FILM_PENALTY,
                "optimiser": FILM_ADVERSARIAL,
                "training": {**FILM["training"], "images": 48_000},
            },
            "vae_gan": {
                **FILM,
                "model": {**HYBRID, **FILM_PENALTY},
                "optimiser": FILM_ADVERSARIAL,
                "training": {**FILM["training"], "images": 20_000},
            },
        },
    },
    others={
        "images": {**NETWORK, "training": {"images": 100_000, "ema_half_life": 5_000}},
        "points": POINTS,
        "texts": TEXTS,
        "film": {**FILM, "training": {**FILM["training"], "images": 30_000}},
    },
)
