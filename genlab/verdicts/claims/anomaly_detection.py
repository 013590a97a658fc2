"""Anomaly detection: items unlike those that were learned."""

from genlab.verdicts.claims._uses import Use
from genlab.verdicts.claims.base import (
    TWO,
    TWO_POINTS,
    AskedTask,
    CellSpec,
    ClaimSpec,
    PictureSpec,
)

SPEC = ClaimSpec(
    title="VAEs for anomaly detection",
    summary="Held-out images told from those of another data set, by whatever the model scores best with: AUROC",
    order=10,
    question="Do you want to find what is unusual?",
    caveat="Models of a match learn all classes, so that anomalies come from other data, which is easier than a class "
    "that was left out. Of several scores of one model the best counts, chosen on the same images.",
    parts=Use(
        measure="anomaly.auroc",
        does="tell anomalies better",
        first="vae",
        second="gan",
        third="vae_gan",
        threshold=TWO,
        reason="Two points: one pair of a normal and an anomalous image in fifty.",
        worthwhile=TWO,
        why=TWO_POINTS,
    ).parts(),
    cells=(CellSpec("anomaly.auroc"), CellSpec("anomaly.aupr"), CellSpec("anomaly.fpr95")),
    pictures=(PictureSpec("reconstructions", "Held-out images and their reconstructions"),),
    tasks=(AskedTask("anomaly", items=200, options={"steps": 50, "samples": 16}),),
)
