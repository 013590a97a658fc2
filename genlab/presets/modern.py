"""The best that the settings allow a family whose usual model is the classic one; a contender beside it in matches."""

from genlab.presets.base import PresetSpec

VAE = {"likelihood": {"name": "gaussian"}, "prior": "flow"}

SPEC = PresetSpec(
    title="Modern",
    summary="A VAE with a calibrated likelihood and a learned prior; stands beside the classic one in a match",
    paper="Rybkin et al., Simple and Effective VAE Training with Calibrated Decoders (sigma-VAE), 2021; Chen et al., "
    "Variational Lossy Autoencoder, 2017; Dinh et al., Density estimation using Real NVP, 2017",
    chosen_on={"mnist-5k": "validation"},
    beside="its likelihood is calibrated, and its prior is learned",
    settings={
        "images": {
            "vae": {
                "network": {"name": "conv", "mapping": 2},
                "model": VAE,
                "optimiser": {"lr": 2e-3, "beta1": 0.9, "beta2": 0.999, "schedule": "cosine"},
                "training": {"images": 180_000, "ema_half_life": 5_000},
            },
        },
    },
)
