"""Faces: the one kind of data that guides name, judged only when the data are that."""

from genlab.verdicts.claims.base import A_QUARTER, POINTS, QUARTER, CellSpec, ClaimSpec, PartSpec, PictureSpec

SPEC = ClaimSpec(
    title="Photo-realistic faces: take a GAN",
    summary="The same distances as for sharpness, on photographs of faces",
    order=16,
    question="Are your images faces?",
    caveat="It is judged only for data that are said to be photographs of faces; small networks at low resolution are "
    "far from photographs in every family.",
    parts=(
        PartSpec(
            name="realism",
            title="GAN faces are nearer to the data than VAE faces (Fréchet distance)",
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
            name="precision",
            title="more GAN faces than VAE faces lie among real ones (precision)",
            measure="precision",
            first="gan",
            second=("vae",),
            threshold=POINTS,
        ),
    ),
    cells=(CellSpec("frechet"), CellSpec("laplacian"), CellSpec("precision")),
    pictures=(PictureSpec("samples", "Samples on the same latents"),),
    faces=True,
)
