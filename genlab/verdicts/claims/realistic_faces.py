"""Realistic faces: new ones that look real, and are no copies of those that were learned."""

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
    title="GANs for realistic faces",
    summary="Share of samples that are as near to real faces and as sharp as held-out ones are, and no copies",
    order=14,
    question="Do you want new faces?",
    caveat="It is judged only for data that are said to be photographs of faces. Few kinds of faces over and over in "
    "new pictures count as well: how many held-out ones are reached is shown and does not decide.",
    parts=Use(
        measure="synthesis.fresh",
        does="make more new and real faces",
        first="gan",
        second="vae",
        third="vae_gan",
        threshold=POINTS,
        reason=FIVE_POINTS,
        worthwhile=TWO,
        why=TWO_POINTS,
    ).parts(),
    cells=(CellSpec("synthesis.fresh"), CellSpec("synthesis.copied"), CellSpec("synthesis.covered")),
    pictures=(PictureSpec("samples", "Samples on the same latents"),),
    faces=True,
    tasks=(AskedTask("synthesis", items=200),),
)
