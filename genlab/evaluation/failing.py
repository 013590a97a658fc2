"""What fails costs itself only: a metric, its real-data reference, a part of the evidence, the feature encoder."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.encoders.base import Encoded
from genlab.errors import GenlabError
from genlab.metrics.base import Need

FATAL = frozenset({"disk_full", "read_only"})
"""Kinds of errors that whatever follows would meet as well."""


@dataclass
class Failures:
    """What has failed in one evaluation.

    Attributes:
        ended: The exception by which the evaluation was told to end, if it was: that is no failure of a part.
        found: Part of the evidence, or ``metric/NAME`` -> the sentence that says why it cannot be had.
    """

    ended: Callable[[], BaseException | None]
    found: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def costing(self, *parts: str) -> Iterator[None]:
        """Note what goes wrong inside against ``parts``, and go on.

        Raises:
            Exception: When the evaluation is to end, or whatever follows would fail of the same.
        """
        try:
            yield
        except Exception as error:
            if error is self.ended() or (isinstance(error, GenlabError) and error.kind in FATAL):
                raise
            self.found |= dict.fromkeys(parts, _sentence(error))

    def why(self, *parts: str | Need) -> str | None:
        """Why the first of ``parts`` that failed cannot be had; None when none has."""
        return next((self.found[part] for part in parts if part in self.found), None)


def has_failed(document: Mapping[str, Any]) -> set[str]:
    """Names of the metrics of an evaluation that failed, and may be had when they are asked for again."""
    return {name for name, line in document.get("metrics", {}).items() if line.get("failed")}


class NoFeatures:
    """Stands in for a feature encoder that cannot be had, for metrics that look at the items themselves."""

    identity = "none"
    portion = 1_000_000
    facts: dict[str, Any] = {}  # noqa: RUF012 never changed

    def __call__(self, items: NDArray[np.float32]) -> Encoded:
        """One zero for each item."""
        return Encoded(np.zeros((len(items), 1), np.float32))


def _sentence(error: Exception) -> str:
    """One sentence; with the traceback in the log where the failure is ours."""
    if isinstance(error, GenlabError):
        return f"{error.message} {error.hint}".strip()
    with suppress(OSError):
        traceback.print_exception(error, file=sys.stderr)
    first = str(error).splitlines()
    return f"It failed: {type(error).__name__}{f': {first[0]}' if first else ''}."
