"""The published settings as far as they carry over: for a GPU, or for a long night."""

from genlab.presets.base import PresetSpec

WATCH = {"log_every": 8_192, "sample_every": 65_536, "checkpoint_every": 524_288}
NETWORK = {"name": "resnet"}

SPEC = PresetSpec(
    title="Paper",
    summary="Residual networks and published settings: for a GPU",
    paper="GAN: Huang et al., The GAN is dead; long live the GAN! A modern baseline GAN, 2024 (R3GAN), stacked-MNIST "
    "column; VAE-GAN: Larsen et al., 2016; Soft-IntroVAE: Daniel and Tamar, 2021, MNIST settings",
    settings={
        "images": {
            "vae": {
                "network": NETWORK,
                "latent_dim": 64,
                "optimiser": {"lr": 1e-3, "beta1": 0.9, "beta2": 0.999, "schedule": "cosine"},
                "training": {"images": 5_000_000, "batch_size": 128, "ema_half_life": 100_000},
                "watch": WATCH,
            },
            "gan": {
                "network": NETWORK,
                "latent_dim": 64,
                "model": {"penalty": {"name": "r1_r2", "weight": 1.0}},
                "optimiser": {"lr": 2e-4, "beta1": 0.0, "beta2": 0.99},
                "training": {"images": 10_000_000, "batch_size": 512, "ema_half_life": 500_000},
                "watch": WATCH,
            },
            "vae_gan": {
                "network": NETWORK,
                "latent_dim": 64,
                "optimiser": {"lr": 2e-4, "beta1": 0.0, "beta2": 0.99},
                "training": {"images": 5_000_000, "batch_size": 128, "ema_half_life": 100_000},
                "watch": WATCH,
            },
            "soft_intro_vae": {
                "network": NETWORK,
                "latent_dim": 32,
                "optimiser": {"lr": 2e-4, "beta1": 0.9, "beta2": 0.999},
                "training": {"images": 10_000_000, "batch_size": 128, "ema_half_life": 100_000},
                "watch": WATCH,
            },
        },
    },
    others={
        "images": {
            "network": NETWORK,
            "training": {"images": 5_000_000, "batch_size": 128, "ema_half_life": 100_000},
            "watch": WATCH,
        },
    },
)
