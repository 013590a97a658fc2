"""Reconstruction: with equal effort, one pass against one pass and steps against steps."""

from genlab.verdicts.claims.base import DECIBEL, QUARTER, SHOWN, CellSpec, ClaimSpec, PartSpec, PictureSpec


def effort(name: str, how: str, measure: str, *, decisive: bool = False) -> PartSpec:
    """A VAE reconstructs with less error, with one kind of effort."""
    against = "" if "GANs" in how else " than GANs do"
    return PartSpec(
        name=name,
        title=f"VAEs reconstruct held-out images with less error {how}{against}",
        measure=measure,
        first="vae",
        second=("gan",),
        better="down",
        scale="ratio",
        threshold=QUARTER,
        reason=DECIBEL if decisive else SHOWN,
        decisive=decisive,
    )


SPEC = ClaimSpec(
    title="A VAE learns a latent distribution and reconstructs; a GAN does not",
    summary="Error of held-out images with equal effort: one pass, 20 and 120 steps of descent, with the time it takes",
    order=8,
    question="Will you reconstruct your own images?",
    caveat="A GAN has no encoder of its own: one learns from its samples, and one pass of it is compared with one pass "
    "of the VAE's. With enough steps the order may turn, which is shown beside the verdict.",
    parts=(
        effort("pass", "in one pass", "pass_error", decisive=True),
        effort("steps", "with 20 steps of descent", "steps_error", decisive=True),
        effort("inverted", "with 120 steps of descent", "inversion_error"),
        effort("own", "by encoding than GANs with 120 steps", "reconstruction_error"),
        PartSpec(
            name="time",
            title="a VAE finds a code ten times faster than inversion does for a GAN",
            measure="code_seconds",
            first="vae",
            second=("gan",),
            better="down",
            scale="ratio",
            threshold=10.0,
            reason="A factor of ten is the difference between instant and waiting.",
        ),
    ),
    cells=(CellSpec("pass_error"), CellSpec("steps_error"), CellSpec("inversion_error")),
    pictures=(PictureSpec("reconstructions", "Held-out images above, reconstructions below"),),
)
