"""Sharpness and realism: edges, fine detail, and the distance of samples from real images."""

from genlab.verdicts.claims.base import A_QUARTER, POINTS, QUARTER, CellSpec, ClaimSpec, PartSpec, PictureSpec

SPEC = ClaimSpec(
    title="VAE output is blurrier; GAN output is sharp and realistic",
    summary="Laplacian variance and power spectrum against data; Fréchet and kernel distance; precision, density",
    order=2,
    question="Do samples have to look real?",
    caveat="A VAE shows the mean of its likelihood, without noise: that mean is what blurs. More edges than real "
    "images have (a Laplacian variance above 1) are noise, and count against a model as blur does. Distances in "
    "features trained on this data are not comparable with published figures.",
    parts=(
        PartSpec(
            name="edges",
            title="edges of GAN samples are nearer in strength to the data's than those of VAE samples (Laplacian)",
            measure="laplacian",
            first="gan",
            second=("vae",),
            better="down",
            scale="ratio",
            ideal=1.0,
            threshold=QUARTER,
            reason="A quarter: a Gaussian blur of 0.4 pixels takes about that much from MNIST digits.",
            decisive=True,
        ),
        PartSpec(
            name="realism",
            title="GAN samples are nearer to the data than VAE samples (Fréchet distance)",
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
            name="spectrum",
            title="fine detail of GAN samples is nearer to the data's (power spectrum)",
            measure="power_spectrum",
            first="gan",
            second=("vae",),
            better="down",
            scale="ratio",
            threshold=QUARTER,
        ),
        PartSpec(
            name="precision",
            title="more GAN samples than VAE samples lie among real images (precision)",
            measure="precision",
            first="gan",
            second=("vae",),
            threshold=POINTS,
        ),
        PartSpec(
            name="density",
            title="GAN samples lie where real images are denser (density)",
            measure="density",
            first="gan",
            second=("vae",),
            threshold=POINTS,
        ),
        PartSpec(
            name="kernel",
            title="GAN samples are nearer to the data (kernel distance)",
            measure="kid",
            first="gan",
            second=("vae",),
            better="down",
            threshold=0.0,
        ),
    ),
    cells=(CellSpec("laplacian"), CellSpec("frechet"), CellSpec("precision")),
    pictures=(PictureSpec("samples", "Samples on the same latents"), PictureSpec("spectrum", "Power by frequency")),
)
