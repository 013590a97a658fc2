"""Data inside installed packages: found, read as whole numbers with the label last, or told how to get them back."""

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.datasets import _bundled
from genlab.errors import InputError


def test_a_table_is_values_and_labels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "table.csv").write_text("1,2,7\n3,4,8\n")
    monkeypatch.setattr(_bundled, "bundled", lambda package, path: tmp_path / path)
    values, labels = _bundled.read_table("sklearn", "table.csv")
    assert values.tolist() == [[1, 2], [3, 4]] and labels.tolist() == [7, 8]


@pytest.mark.parametrize("content", [None, "1,x\n"])
def test_what_is_missing_or_damaged_is_told_with_the_way_to_mend_it(
    content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if content is not None:
        (tmp_path / "table.csv").write_text(content)
    found = None if content is None else tmp_path / "table.csv"
    monkeypatch.setattr(_bundled, "bundled", lambda package, path: found)
    with pytest.raises(InputError, match="inside the package sklearn are missing or damaged") as caught:
        _bundled.read_table("sklearn", "table.csv")
    assert caught.value.kind == "data_unavailable"
    assert caught.value.hint == "Install it again: pip install --force-reinstall scikit-learn"


def test_a_file_of_an_installed_package_is_found_and_no_other() -> None:
    file = _bundled.bundled("sklearn", "datasets/data/digits.csv.gz")
    assert file is not None and file.is_file()
    assert _bundled.bundled("sklearn", "datasets/data/nothing.csv") is None
    assert _bundled.bundled("no_such_package_anywhere", "a.csv") is None
