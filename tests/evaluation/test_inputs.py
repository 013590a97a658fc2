"""The progress bar of an evaluation's stages, and who ended it."""

from __future__ import annotations

import pytest

from genlab.evaluation.inputs import StagedProgress


def test_stages_share_one_bar():
    told: list[float] = []
    stage = StagedProgress(lambda share, what: told.append(share))
    stage.enter(0.5, 1.0)
    stage(0.0, "")
    stage(0.5, "")
    assert told == [0.5, 0.75]


def test_who_told_an_evaluation_to_end_is_remembered():
    def cancel(share: float, what: str) -> None:
        raise KeyError("enough")

    stage = StagedProgress(cancel)
    with pytest.raises(KeyError) as caught:
        stage.part(0.0, 0.5, "drawing")(0.5)
    assert stage.ended is caught.value
