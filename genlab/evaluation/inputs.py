"""What one evaluation is made from, gathered when first asked for, and the progress bar of its stages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from genlab import kinds
from genlab.config import DataConfig
from genlab.datasets import REGISTRY as DATASETS
from genlab.datasets.store import Dataset, check_options
from genlab.encoders.base import FeatureEncoder, Progress
from genlab.evaluation.evaluation_request import EvaluationRequest
from genlab.evaluation.failing import Failures, NoFeatures
from genlab.evaluation.reals import Halves, Reals, gather_halves, gather_reals, open_encoder
from genlab.metrics.base import Evidence, Need
from genlab.store.workspace import Workspace

ENCODED: frozenset[Need] = frozenset({"features", "probabilities", "walks", "fitted"})
"""Evidence that comes from the feature encoder."""


class StagedProgress:
    """One progress bar for work in stages.

    Args:
        progress: Told the share of the whole; may raise to cancel.

    Attributes:
        ended: What it raised.
    """

    def __init__(self, progress: Progress) -> None:
        self._progress, self._low, self._high = progress, 0.0, 1.0
        self.ended: BaseException | None = None

    def enter(self, low: float, high: float) -> None:
        """What follows takes the whole from ``low`` to ``high``."""
        self._low, self._high = low, high

    def __call__(self, share: float, what: str) -> None:
        """Tell the share of this stage."""
        try:
            self._progress(self._low + (self._high - self._low) * share, what)
        except BaseException as error:
            self.ended = error
            raise

    def part(self, low: float, high: float, what: str) -> Callable[[float], None]:
        """What tells the share of the part from ``low`` to ``high`` of this stage, which is called ``what``."""
        return lambda share: self(low + (high - low) * share, what)


@dataclass
class EvaluationInputs:
    """Everything one evaluation is made from, gathered when first asked for.

    Attributes:
        workspace: Where data and encoders are.
        config: How the data set was asked for.
        data: The data set, or a view of it on its validation part.
        request: What is asked for, settled.
        progress: Told how far it is.
    """

    workspace: Workspace
    config: DataConfig
    data: Dataset
    request: EvaluationRequest
    progress: StagedProgress

    @cached_property
    def failures(self) -> Failures:
        """What could not be had."""
        return Failures(lambda: self.progress.ended)

    @cached_property
    def encoder(self) -> FeatureEncoder:
        """The feature encoder; one that learns from the data is the same whichever part is judged on."""
        return open_encoder(self.data.whole or self.data, self.request.encoder, self.workspace.encoders, self.progress)

    def do_without_encoder(self) -> None:
        """Where the encoder cannot be had, go on without features."""
        with self.failures.costing(*ENCODED):
            _ = self.encoder
        if self.failures.found:
            self.encoder = NoFeatures()

    @cached_property
    def reals(self) -> Reals:
        """The real items."""
        return gather_reals(
            self.data,
            self.encoder,
            self.request.encoder,
            self.request.samples,
            self.request.seed,
            self.workspace.encoders,
            self.progress,
        )

    @cached_property
    def halves(self) -> Halves:
        """Real items for what takes more of them than are held out."""
        request = self.request
        return gather_halves(
            self.data, self.encoder, request.samples, request.seed, self.workspace.encoders, self.progress
        )

    @property
    def base(self) -> Evidence:
        """Real evidence, with the fresh items where generated ones will stand."""
        reals, info = self.reals, self.data.info
        mixture, grammar = None, None
        if info.name in DATASETS:
            spec = DATASETS.get(info.name)
            grammar = spec.grammar
            mixture = spec.mixture(check_options(self.config)) if spec.mixture is not None else None
        pixels = kinds.get(info.kind).pixelled
        return Evidence(
            reals.real,
            reals.fresh,
            reals.train,
            classes=len(info.classes or ()),
            mixture=mixture,
            pixels=pixels,
            symbols=info.symbols or None,
            grammar=grammar,
        )
