"""No corruption: items stay as they are."""

from __future__ import annotations

from genlab.corruptions.base import CorruptionSpec

SPEC = CorruptionSpec(title="None", summary="Items as they are", draw=None, graded=True)
