"""Representation learning: codes from which a classifier with few labels learns."""

from genlab.verdicts.claims._uses import Use
from genlab.verdicts.claims.base import (
    FIVE_POINTS,
    POINTS,
    TWO,
    TWO_POINTS,
    AskedTask,
    CellSpec,
    ClaimSpec,
    PictureSpec,
)

SPEC = ClaimSpec(
    title="VAEs for representation learning",
    summary="Classes told by a linear probe of codes with 100 labels, beside pixels and principal components",
    order=11,
    question="Do you want codes for other tasks, such as classifying?",
    caveat="A GAN has no codes of images: an encoder learns them from its samples. Probes are linear, and other "
    "numbers of labels may turn the order.",
    parts=Use(
        measure="representation.labels-100",
        does="learn better representations",
        first="vae",
        second="gan",
        third="vae_gan",
        threshold=POINTS,
        reason=FIVE_POINTS,
        worthwhile=TWO,
        why=TWO_POINTS,
    ).parts(),
    cells=(
        CellSpec("representation.labels-100"),
        CellSpec("representation.linear"),
        CellSpec("representation.neighbours"),
    ),
    pictures=(PictureSpec("latent", "Maps of the latent spaces"),),
    tasks=(AskedTask("representation", items=300),),
)
