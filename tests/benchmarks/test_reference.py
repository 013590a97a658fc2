"""Every deterministic metric is what another library or a plain formula says; the rest says why it is left out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import reference
from benchmarks._reference_formulas import FORMULAS, LEFT_OUT, OF_POINTS
from benchmarks._reference_kinds import OF_FILMS, OF_TEXTS
from tests.contracts.test_metric_scales import SCALES


def test_every_metric_is_computed_again_or_says_why_not() -> None:
    again = {*FORMULAS, *OF_POINTS, *OF_TEXTS, *OF_FILMS}
    assert again | set(LEFT_OUT) == set(SCALES)
    assert not again & set(LEFT_OUT)


def test_all_agree(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert reference.main(["--out", str(tmp_path)]) == 0
    document = json.loads((tmp_path / "reference.json").read_text())
    assert document["bars"][0]["met"] is True
    assert max(row["difference"] for row in document["results"]) <= reference.MOST
    assert len(document["results"]) == sum(map(len, (FORMULAS, OF_POINTS, OF_TEXTS, OF_FILMS)))
    assert "ssim" in (tmp_path / "reference.md").read_text()
    assert "Num real" not in capsys.readouterr().out
