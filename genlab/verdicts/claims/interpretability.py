"""Interpretability: whether single dimensions mean something, and what truncation does."""

from genlab.verdicts.claims.base import FIVE_POINTS, POINTS, CellSpec, ClaimSpec, PartSpec, PictureSpec

SPEC = ClaimSpec(
    title="Sampling a VAE is easy and interpretable; a GAN's latents are not always clear",
    summary="Consistency of dimensions, alignment of class directions with dimensions, truncation",
    order=5,
    question="Do you need sliders with a clear meaning?",
    caveat="Sampling is as easy in both: draw from a normal distribution and decode once, with the same decoder. "
    "What is tested is whether single dimensions have a consistent meaning.",
    parts=(
        PartSpec(
            name="meaning",
            title="a step along one dimension changes all images more consistently in VAEs than in GANs",
            measure="dimension_consistency",
            first="vae",
            second=("gan",),
            threshold=POINTS,
            reason="Five points on a scale from unrelated (0) to identical (1).",
            decisive=True,
        ),
        PartSpec(
            name="alignment",
            title="class directions lie along single dimensions more in VAEs than in GANs",
            measure="class_alignment",
            first="vae",
            second=("gan",),
            threshold=POINTS,
            reason=FIVE_POINTS.replace("one image in twenty", "a twentieth of a direction"),
            decisive=True,
        ),
        PartSpec(
            name="truncation",
            title="halving latents (truncation) improves the realism of VAE samples more than that of GAN samples",
            measure="truncation_realism",
            first="vae",
            second=("gan",),
            scale="ratio",
            threshold=1.0,
        ),
        PartSpec(
            name="variety",
            title="halving latents (truncation) reduces variety less in VAEs than in GANs",
            measure="truncation_variety",
            first="vae",
            second=("gan",),
        ),
        PartSpec(
            name="fewer",
            title="VAEs use fewer effective dimensions than GANs",
            measure="dimensions_used",
            first="vae",
            second=("gan",),
            better="down",
            scale="ratio",
            threshold=1.0,
        ),
    ),
    cells=(CellSpec("dimension_consistency"), CellSpec("class_alignment"), CellSpec("truncation_realism")),
    pictures=(PictureSpec("latent", "Single dimensions, moved"),),
)
