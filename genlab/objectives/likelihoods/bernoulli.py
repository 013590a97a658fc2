"""Binary pixels: the usual likelihood for digits and other near-binary pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genlab.objectives.base import LikelihoodSpec
from genlab.options import NoOptions

if TYPE_CHECKING:
    from torch import nn

    from genlab.space import Space


def build(space: Space, options: NoOptions) -> nn.Module:
    """The module for `space`."""
    from genlab.objectives.likelihoods._modules import Bernoulli

    return Bernoulli()


SPEC = LikelihoodSpec(
    title="Bernoulli",
    summary="Binary pixels, measured by cross-entropy; grey values count as probabilities",
    paper="Kingma and Welling, Auto-Encoding Variational Bayes, 2014, appendix C.1",
    build=build,
    takes="unit",
    discrete=True,
)
