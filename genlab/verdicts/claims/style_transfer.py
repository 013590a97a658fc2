"""Style transfer: the content of one picture in the style of another class."""

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
    title="GANs for style transfer",
    summary="Held-out images drawn as another class: the class is reached, looks real, and keeps of the content",
    order=13,
    question="Do you want to change the style of images?",
    caveat="A match trains nothing for translation: the mean code of one class is exchanged for that of another, or a "
    "model that is told the class decodes the same code as another one.",
    parts=Use(
        measure="translation.changed",
        does="change and keep more",
        first="gan",
        second="vae",
        third="vae_gan",
        threshold=POINTS,
        reason=FIVE_POINTS,
        worthwhile=TWO,
        why=TWO_POINTS,
    ).parts(),
    cells=(CellSpec("translation.changed"), CellSpec("translation.success"), CellSpec("translation.cycle")),
    pictures=(PictureSpec("samples", "Samples"),),
    tasks=(AskedTask("translation", items=100, options={"steps": 50}),),
)
