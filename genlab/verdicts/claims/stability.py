"""Stability: does a run stay where it is, and does the outcome depend on luck and on settings?"""

from genlab.verdicts.claims.base import A_HALF, HALF_AS_MUCH, CellSpec, ClaimSpec, PartSpec, PictureSpec

SPEC = ClaimSpec(
    title="VAE training is more stable; GAN training is often unstable",
    summary="Spread of a score over the second half of a run, and of final scores over seeds; runs that fall, with the "
    "preset's learning rate and in a sweep of it",
    order=1,
    question="Will training work without tuning?",
    caveat="Losses decide nothing here: a GAN's may swing while the pictures get better. The spread over seeds is "
    "shown and does not decide, because it takes dozens of seeds: with a true ratio of 2.5, 28 for a chance of 80 %.",
    parts=(
        PartSpec(
            name="late",
            title="scores of GANs swing more over the second half of training than those of VAEs (late spread)",
            measure="late_spread",
            first="gan",
            second=("vae",),
            threshold=0.02,
            reason="Two points of the share of the data that samples reach: one image in fifty.",
            decisive=True,
        ),
        PartSpec(
            name="spread",
            title="final Fréchet distances of GANs differ more from seed to seed than those of VAEs",
            measure="frechet",
            first="gan",
            second=("vae",),
            kind="spread",
            scale="ratio",
            threshold=HALF_AS_MUCH,
            reason=A_HALF,
        ),
        PartSpec(
            name="fell",
            title="GANs diverge or end collapsed more often than VAEs",
            measure="fell",
            first="gan",
            second=("vae",),
            kind="event",
            reason="An exact test of counts; with few runs only a unanimous result is significant.",
        ),
        PartSpec(
            name="sweep",
            title="GANs fall more often than VAEs in a sweep of the learning rate (half, once, twice)",
            measure="fell_sweep",
            first="gan",
            second=("vae",),
            kind="event",
            reason="An exact test of counts; three short trials of each family, with one seed.",
        ),
        PartSpec(
            name="learning_rate",
            title="GANs depend more on the learning rate (half, once, twice) than VAEs",
            measure="frechet",
            first="gan",
            second=("vae",),
            kind="sensitivity",
            scale="ratio",
            threshold=1.0,
            reason="Worst over best of short trials with one seed: shown, not tested.",
        ),
        PartSpec(
            name="oscillation",
            title="losses of GANs oscillate more than those of VAEs",
            measure="oscillation",
            first="gan",
            second=("vae",),
            scale="ratio",
            threshold=HALF_AS_MUCH,
        ),
    ),
    cells=(CellSpec("late_spread"), CellSpec("frechet", "spread"), CellSpec("fell", "event")),
    pictures=(PictureSpec("curves", "Losses over training"), PictureSpec("seeds", "Samples of every seed")),
)
