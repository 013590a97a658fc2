"""Uses: what follows for tasks, as far as tasks have been measured."""

from genlab.verdicts.claims.base import (
    A_QUARTER,
    FIVE_POINTS,
    POINTS,
    QUARTER,
    CellSpec,
    ClaimSpec,
    PartSpec,
    PictureSpec,
)

SPEC = ClaimSpec(
    title="VAE for anomaly detection, denoising, representation learning; GAN for realism, super-resolution",
    summary="What is measured so far: probes of codes for representation, distance to the data for realism",
    order=9,
    question="Which application?",
    caveat="Only parts of it have been measured: a verdict in favour waits for the tasks themselves.",
    parts=(
        PartSpec(
            name="representation",
            title="VAE codes represent classes better than GAN codes (linear probe)",
            measure="codes_linear",
            first="vae",
            second=("gan",),
            threshold=POINTS,
            reason=FIVE_POINTS,
            decisive=True,
        ),
        PartSpec(
            name="realism",
            title="GAN samples are more realistic than VAE samples (Fréchet distance)",
            measure="frechet",
            first="gan",
            second=("vae",),
            better="down",
            scale="ratio",
            threshold=QUARTER,
            reason=A_QUARTER,
            decisive=True,
        ),
        PartSpec(
            name="reconstruction",
            title="VAEs reconstruct held-out images with less error than inverted GANs",
            measure="reconstruction_error",
            first="vae",
            second=("gan",),
            better="down",
            scale="ratio",
            threshold=QUARTER,
        ),
    ),
    cells=(CellSpec("codes_linear"), CellSpec("frechet"), CellSpec("reconstruction_error")),
    pictures=(
        PictureSpec("samples", "Samples"),
        PictureSpec("reconstructions", "Held-out images and their reconstructions"),
    ),
    unmeasured="Anomaly detection, denoising and super-resolution have not been measured yet",
)
