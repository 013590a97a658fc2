"""One symbol at each place: the likelihood of texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genlab.objectives.base import LikelihoodSpec
from genlab.options import NoOptions

if TYPE_CHECKING:
    from torch import nn

    from genlab.space import Space


def build(space: Space, options: NoOptions) -> nn.Module:
    """The module for `space`."""
    from genlab.objectives.likelihoods._modules import Categorical

    return Categorical()


SPEC = LikelihoodSpec(
    title="Categorical",
    summary="One symbol at each place, given the code and, where the decoder reads them, the symbols before; measured "
    "by cross-entropy",
    paper="Bowman et al., Generating sentences from a continuous space, 2016; all places at once: Gu et al., "
    "Non-autoregressive neural machine translation, 2018",
    build=build,
    takes="symbols",
    discrete=True,
)
