"""No penalty: what an unregularised critic does."""

from __future__ import annotations

from genlab.objectives.base import PenaltySpec

SPEC = PenaltySpec(
    title="None",
    summary="No penalty on the critic's gradient: fast, and the usual cause of a critic that is too strong",
)
