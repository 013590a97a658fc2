"""Codes that a task has moved, kept for what is shown of it, so that they can be moved by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from genlab.tasks.base import SHOWN

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LONGEST = 1_024
"""Numbers of a code that is kept at most."""


def kept(
    codes: NDArray[np.float32],
    ways: NDArray[np.float32],
    towards: Sequence[str],
    classes: Sequence[int] | None,
    largest_strength: float,
) -> dict[str, Any]:
    """What stands in a task's details; nothing where codes are long.

    Args:
        codes: Codes of the items [n, D].
        ways: The way that each is moved along [n, D]; a strength of 1 is all of it.
        towards: What each is to become [n], in a word.
        classes: The class that each is decoded as [n]; None for a model that is told none.
        largest_strength: The largest strength that is of interest.
    """
    if codes.shape[1] > LONGEST:
        return {}
    kept_rows = [[[float(f"{value:.5g}") for value in row] for row in rows[:SHOWN]] for rows in (codes, ways)]
    about = {"codes": kept_rows[0], "ways": kept_rows[1], "towards": list(towards[:SHOWN])}
    about |= {"classes": None if classes is None else list(classes[:SHOWN])}
    return {"moved": {**about, "largest_strength": largest_strength}}
