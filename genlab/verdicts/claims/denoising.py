"""Denoising: what an item was before noise was laid over it."""

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
    title="VAEs for denoising",
    summary="Noise with a standard deviation of 0.3 taken off held-out images: distance in features to the true ones",
    order=9,
    question="Do you want to take noise off images?",
    caveat="Models learned from clean images, and the noise is told to every method. A model that was trained on noisy "
    "inputs restores in one pass, and is a task of its own.",
    parts=Use(
        measure="denoising.features",
        does="denoise better",
        first="vae",
        second="gan",
        third="vae_gan",
        threshold=QUARTER,
        reason=A_QUARTER,
        worthwhile=WORTHWHILE,
        why=A_TENTH,
        better="down",
        scale="ratio",
    ).parts(),
    cells=(CellSpec("denoising.features"), CellSpec("denoising.ssim"), CellSpec("denoising.psnr")),
    pictures=(PictureSpec("reconstructions", "Held-out images and their reconstructions"),),
    tasks=(AskedTask("denoising", items=64, options={"steps": 50, "restarts": 1}),),
)
