"""Stability: does the outcome depend on luck and on settings, and do losses swing?"""

from genlab.verdicts.claims.base import A_HALF, HALF_AS_MUCH, CellSpec, ClaimSpec, PartSpec, PictureSpec

SPEC = ClaimSpec(
    title="VAE training is more stable; GAN training is often unstable",
    summary="Spread of final scores over seeds, oscillation of losses, failed runs, sensitivity to the learning rate",
    order=1,
    question="Will training work without tuning?",
    caveat="A GAN's losses are no measure of progress: they may oscillate while the pictures get better. A spread "
    "over few seeds is itself uncertain.",
    parts=(
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
            decisive=True,
        ),
        PartSpec(
            name="oscillation",
            title="losses of GANs oscillate more than those of VAEs",
            measure="oscillation",
            first="gan",
            second=("vae",),
            scale="ratio",
            threshold=HALF_AS_MUCH,
            reason="A factor of 1.5: the oscillation is relative to the loss's own range, so its scale cancels.",
            decisive=True,
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
    ),
    cells=(CellSpec("frechet", "spread"), CellSpec("oscillation"), CellSpec("fell", "event")),
    pictures=(PictureSpec("curves", "Losses over training"), PictureSpec("seeds", "Samples of every seed")),
)
