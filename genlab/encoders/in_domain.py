"""A small network trained once on the data set itself: a classifier where there are classes, else an autoencoder.

It is what small grey pictures need, for which networks trained on photographs see little, and what sounds, texts and
films need, which those do not take; it works offline. Its
scores are good for comparing models of one data set; they are not comparable with published figures.
"""

from __future__ import annotations

from genlab.encoders.base import EncoderSpec, EncoderTask, FeatureEncoder


def build(task: EncoderTask) -> FeatureEncoder:
    """The encoder of the data set, trained on its training items if that has not been done yet."""
    from genlab.encoders._in_domain import load_or_train

    return load_or_train(task, SPEC.version)


SPEC = EncoderSpec(
    title="Trained on this data (in-domain)",
    summary="a small classifier (or autoencoder) trained on this data set; not comparable between data sets",
    paper="as the classifier scores of VEEGAN (2017) and PacGAN (2018) on MNIST",
    build=build,
    takes="lattice",
)
