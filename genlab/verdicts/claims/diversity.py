"""Diversity: how much of the data samples reach, and how often the collapse watch fired."""

from genlab.verdicts.claims.base import FIVE_POINTS, POINTS, CellSpec, ClaimSpec, PartSpec, PictureSpec

SPEC = ClaimSpec(
    title="VAE: diversity high; GAN: medium, at risk of mode collapse",
    summary="Recall and coverage; modes, KL of class frequencies, near-duplicates, birthday support; runs with mode "
    "collapse",
    order=3,
    question="Must every kind of image be generated?",
    caveat="Coverage asks for samples that are near real images: blur lowers it as much as missing modes do. Read it "
    "with precision and the class histogram.",
    parts=(
        PartSpec(
            name="coverage",
            title="VAE samples cover more of the data than GAN samples (coverage)",
            measure="coverage",
            first="vae",
            second=("gan",),
            threshold=POINTS,
            reason=FIVE_POINTS,
            decisive=True,
        ),
        PartSpec(
            name="recall",
            title="more real images lie among VAE samples than among GAN samples (recall)",
            measure="recall",
            first="vae",
            second=("gan",),
            threshold=POINTS,
            reason=FIVE_POINTS,
            decisive=True,
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
    cells=(CellSpec("coverage"), CellSpec("recall"), CellSpec("collapsed", "event")),
    pictures=(
        PictureSpec("classes", "Classes of samples against the data"),
        PictureSpec("seeds", "Samples of every seed"),
    ),
)
