"""A few minutes on two cores: something to look at soon."""

from genlab.presets.base import PresetSpec

POINTS = {"network": {"name": "mlp"}, "latent_dim": 2}

SPEC = PresetSpec(
    title="Quick",
    summary="A few minutes on two cores: good enough to see and to explore",
    models={"vae": {}, "gan": {}, "vae_gan": {}, "soft_intro_vae": {}},
    points={
        "vae": {**POINTS, "model": {"likelihood": {"name": "gaussian"}}},
        "gan": POINTS,
        "vae_gan": POINTS,
        "soft_intro_vae": POINTS,
    },
)
