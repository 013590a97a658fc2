"""Names are those of the census, each once, in the class where it is more frequent."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from genlab.config import DataConfig
from genlab.datasets import names
from genlab.datasets.store import Dataset, prepare
from genlab.errors import InputError
from genlab.kinds._symbols import texts
from genlab.store.workspace import Source


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return prepare(DataConfig(name="names"), tmp_path_factory.mktemp("stores"), Source(None, Path("nowhere")))


def test_each_name_comes_once_in_its_class(data: Dataset) -> None:
    parts = {part: texts(np.array(data.items(part)), names.SYMBOLS) for part in ("train", "test")}  # type: ignore[arg-type]
    every = [*parts["train"], *parts["test"]]
    assert len(every) == len(set(every)) == names.COUNT
    labels = data.labels("train")
    assert labels is not None
    of = dict(zip(parts["train"], labels.tolist(), strict=True))
    of |= dict(zip(parts["test"], data.labels("test").tolist(), strict=True))  # type: ignore[union-attr]
    assert (of["Mary"], of["James"], of["Elizabeth"], of["Robert"], of["Leslie"]) == (0, 1, 0, 1, 0)
    assert all(name[0].isupper() and name[1:].islower() for name in every)


def test_a_name_in_both_lists_is_of_the_more_frequent() -> None:
    found = names.read()
    assert found["James"] == (3.318, 1) and found["Mary"] == (2.629, 0)


def test_without_the_package_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "PACKAGE", "no_such_package")
    assert "not installed" in (names.SPEC.available(Source(None, Path("nowhere"))) or "")
    with pytest.raises(InputError, match="not installed") as caught:
        names.read()
    assert caught.value.hint == "Install it: pip install no_such_package."
