"""Reconstruction: encode against inversion, with the time that each takes."""

from genlab.verdicts.claims.base import DECIBEL, QUARTER, CellSpec, ClaimSpec, PartSpec, PictureSpec

SPEC = ClaimSpec(
    title="A VAE learns a latent distribution and reconstructs; a GAN does not",
    summary="Error of held-out images: encoded by a VAE, found by inversion in a GAN, and the time that takes",
    order=8,
    question="Will you reconstruct your own images?",
    caveat="A GAN has no encoder, but gradient descent on its latents often finds a near picture. It takes far longer "
    "and needs the generator's gradients.",
    parts=(
        PartSpec(
            name="error",
            title="a VAE reconstructs held-out images with less error than GAN inversion does",
            measure="reconstruction_error",
            first="vae",
            second=("gan",),
            better="down",
            scale="ratio",
            threshold=QUARTER,
            reason=DECIBEL,
            decisive=True,
        ),
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
        PartSpec(
            name="inverted",
            title="a VAE also wins when its codes are refined by gradient descent too",
            measure="inversion_error",
            first="vae",
            second=("gan",),
            better="down",
            scale="ratio",
            threshold=QUARTER,
        ),
    ),
    cells=(
        CellSpec("reconstruction_error"),
        CellSpec("code_seconds", factor=1_000, unit="ms"),
        CellSpec("active_units"),
    ),
    pictures=(PictureSpec("reconstructions", "Held-out images above, reconstructions below"),),
)
