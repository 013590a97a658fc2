"""Has a run diverged? A loss that explodes ends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from genlab.errors import DivergedError

EXPLODED = 1e4
"""A loss this many times its size at the start has exploded."""

START_ROWS = 8


@dataclass
class DivergenceWatch:
    """Ends a run whose loss has exploded, given the rows of its curves one by one.

    Attributes:
        start: Name of a loss -> its largest size in the first rows.
        rows: Rows seen.
    """

    start: dict[str, float] = field(default_factory=dict)
    rows: int = 0

    def look(self, row: Mapping[str, object], images: int) -> None:
        """Look at one row.

        Raises:
            DivergedError: When a loss is not finite or more than `EXPLODED` times its size in the first rows.
        """
        self.rows += 1
        for name, value in row.items():
            if not name.startswith("loss/") or not isinstance(value, float):
                continue
            size = abs(value)
            if self.rows <= START_ROWS:
                self.start[name] = max(self.start.get(name, 1.0), size)
            elif not size <= EXPLODED * self.start.get(name, 1.0):
                raise DivergedError(
                    f"Training diverged after {images:,} images: {name} grew to {value:.3g}.",
                    "Lower the learning rate, or use a penalty (R1 + R2) on the critic; then start again or resume.",
                )
