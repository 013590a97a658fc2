"""Diversity: how much of the data a model reaches at a given fidelity, and under which prior."""

from genlab.verdicts.claims.base import FIVE_POINTS, POINTS, SHOWN, CellSpec, ClaimSpec, PartSpec, PictureSpec


def covers(name: str, how: str, measure: str, *, decisive: bool = False) -> PartSpec:
    """VAE samples cover more of the data, looked at in one way."""
    return PartSpec(
        name=name,
        title=f"VAE samples cover more of the data than GAN samples {how}",
        measure=measure,
        first="vae",
        second=("gan",),
        threshold=POINTS,
        reason=FIVE_POINTS if decisive else SHOWN,
        decisive=decisive,
    )


SPEC = ClaimSpec(
    title="VAE: diversity high; GAN: medium, at risk of mode collapse",
    summary="Held-out images within reach of a model, and covered under its prior and a fitted one, in features and "
    "in pixels; modes; near-duplicates",
    order=3,
    question="Must every kind of image be generated?",
    caveat="Reach asks what a model can make, coverage what it does make. Blur lowers coverage as much as missing "
    "modes do, and a VAE's prior may miss what its decoder can make.",
    parts=(
        PartSpec(
            name="reach",
            title="VAEs reach more held-out images below a fixed error than GANs",
            measure="reach",
            first="vae",
            second=("gan",),
            threshold=POINTS,
            reason=FIVE_POINTS,
            decisive=True,
        ),
        covers("prior", "under their priors (coverage in features)", "coverage_prior", decisive=True),
        covers("fitted", "under fitted priors (coverage in features)", "coverage_fitted"),
        covers("prior_pixels", "under their priors (coverage in pixels)", "coverage_prior_pixels"),
        covers("fitted_pixels", "under fitted priors (coverage in pixels)", "coverage_fitted_pixels"),
        covers("coverage", "among all samples of the evaluation (coverage)", "coverage"),
        PartSpec(
            name="recall",
            title="more real images lie among VAE samples than among GAN samples (recall)",
            measure="recall",
            first="vae",
            second=("gan",),
            threshold=POINTS,
        ),
        PartSpec(
            name="collapse",
            title="the collapse watch detected mode collapse in more GAN runs than VAE runs",
            measure="collapsed",
            first="gan",
            second=("vae",),
            kind="event",
            reason="An exact test of counts; with few runs only a unanimous result is significant.",
        ),
        PartSpec(
            name="modes", title="VAEs capture more modes than GANs", measure="modes", first="vae", second=("gan",)
        ),
        PartSpec(
            name="classes",
            title="class frequencies of VAE samples are closer to the data's (KL of class frequencies)",
            measure="class_kl",
            first="vae",
            second=("gan",),
            better="down",
        ),
        PartSpec(
            name="duplicates",
            title="fewer VAE samples than GAN samples have a near-duplicate",
            measure="near_duplicates",
            first="vae",
            second=("gan",),
            better="down",
        ),
        PartSpec(
            name="support",
            title="VAEs generate more distinct images than GANs (birthday estimate)",
            measure="birthday",
            first="vae",
            second=("gan",),
            scale="ratio",
            threshold=1.0,
        ),
    ),
    views=(
        ("prior", "in features under their priors"),
        ("fitted", "in features under fitted priors"),
        ("prior_pixels", "in pixels under their priors"),
        ("fitted_pixels", "in pixels under fitted priors"),
    ),
    cells=(CellSpec("reach"), CellSpec("coverage_prior"), CellSpec("coverage_fitted")),
    pictures=(
        PictureSpec("classes", "Classes of samples against the data"),
        PictureSpec("seeds", "Samples of every seed"),
    ),
)
