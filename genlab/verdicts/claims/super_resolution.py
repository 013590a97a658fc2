"""Super-resolution: twice as many pixels in each direction."""

from genlab.verdicts.claims._uses import Use
from genlab.verdicts.claims.base import (
    A_QUARTER,
    A_TENTH,
    QUARTER,
    WORTHWHILE,
    AskedTask,
    CellSpec,
    ClaimSpec,
    PictureSpec,
)

SPEC = ClaimSpec(
    title="GANs for super-resolution",
    summary="Held-out images from a quarter of their pixels: distance in features to the true ones",
    order=12,
    question="Do you want to enlarge images?",
    caveat="Models are generators in whose range the picture is looked for that agrees with the given pixels, as in "
    "PULSE. GANs that are trained from picture to picture (SRGAN) are a task of their own.",
    parts=Use(
        measure="super-resolution.features",
        does="enlarge images better",
        first="gan",
        second="vae",
        third="vae_gan",
        threshold=QUARTER,
        reason=A_QUARTER,
        worthwhile=WORTHWHILE,
        why=A_TENTH,
        better="down",
        scale="ratio",
    ).parts(),
    cells=(CellSpec("super-resolution.features"), CellSpec("super-resolution.ssim"), CellSpec("super-resolution.psnr")),
    pictures=(PictureSpec("reconstructions", "Held-out images and their reconstructions"),),
    tasks=(AskedTask("super-resolution", items=64, options={"steps": 50, "restarts": 1}),),
)
