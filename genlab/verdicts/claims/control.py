"""Control: can an image be edited, and is it still the same image?"""

from genlab.verdicts.claims.base import POINTS, TEN_POINTS, TENTH, CellSpec, ClaimSpec, PartSpec, PictureSpec

SPEC = ClaimSpec(
    title="Control: high in a VAE (structured latent space), medium in a GAN",
    summary="Edits of held-out images along class directions: target class reached, identity kept",
    order=6,
    question="Will you edit images?",
    caveat="The step is the smallest with which nearly as many edits as ever succeed, chosen on other images. A GAN's "
    "starting codes are found by inversion.",
    parts=(
        PartSpec(
            name="success",
            title="more edits reach the target class in VAEs than in GANs",
            measure="edit_success",
            first="vae",
            second=("gan",),
            threshold=TENTH,
            reason=TEN_POINTS,
            decisive=True,
        ),
        PartSpec(
            name="identity",
            title="edited images keep their identity as well in VAEs as in GANs",
            measure="edit_identity",
            first="vae",
            second=("gan",),
            threshold=-POINTS,
            reason="At most five points worse, or the edit has only replaced the image.",
            decisive=True,
        ),
        PartSpec(
            name="directions",
            title="class directions separate classes better in VAEs than in GANs",
            measure="class_directions",
            first="vae",
            second=("gan",),
            threshold=POINTS,
        ),
    ),
    cells=(CellSpec("edit_success"), CellSpec("edit_identity"), CellSpec("class_directions")),
    pictures=(PictureSpec("latent", "Images moved along class directions"),),
)
