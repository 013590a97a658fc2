"""Adding files of a kind that reads them itself, as the page shows it before anything is added."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genlab import kinds
from genlab.options import Options, setting
from tests.support.images import zipped
from tests.support.importing import upload
from tests.support.pages import checked, words
from tests.support.runs import make_run


class Choices(Options):
    """What can be chosen."""

    factor: float = setting(1.0, "what values are multiplied by", ge=0, le=1)


def gather(files, choices: Choices):
    from genlab.kinds.base import OwnItem, OwnItems

    def load(file) -> np.ndarray:
        return np.full((8, 8, 1), choices.factor * float(file.read()), np.float32)

    notes = (f"Multiplied by {choices.factor:g}.",)
    return OwnItems([OwnItem(file.name, lambda file=file: load(file)) for file in files], notes=notes)


PLAIN = replace(
    kinds.get("images"),
    name="plain",
    title="Numbers",
    many="numbers",
    one="number",
    pixels=False,
    suffixes=(".number",),
    conform=lambda items, fitting: (np.moveaxis(items, -1, 1) * 255).astype(np.uint8),
    text=lambda item: f"says {item.max():.2f}",
    ImportOptions=Choices,
    gather=gather,
)


@pytest.fixture(autouse=True)
def plain(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    make_run(workspace / "runs", images=1_024, samples=())
    registry, made = kinds.REGISTRY, type(kinds.REGISTRY)
    known = {spec.name: spec for spec in registry} | {"plain": PLAIN}
    there, get, each = made.__contains__, made.get, made.__iter__
    monkeypatch.setattr(made, "__contains__", lambda of, name: name in known if of is registry else there(of, name))
    monkeypatch.setattr(made, "get", lambda of, name: known[name] if of is registry else get(of, name))
    monkeypatch.setattr(made, "__iter__", lambda of: iter(known.values()) if of is registry else each(of))
    yield


def test_what_can_be_chosen_is_a_form_and_is_seen_at_once() -> None:
    app = upload("own.zip", zipped({f"{name}/{i}.number": b"0.5" for name in "ab" for i in range(10)}))
    assert "**20 numbers** · 2 classes" in words(app) and "Multiplied by 1\\." in words(app)
    (box,) = [box for box in app.number_input if box.label.lower().startswith("factor")]
    box.set_value(0.5).run()
    assert "Multiplied by 0\\.5\\." in words(checked(app))
    assert app.get("bidi_component"), "the items are read one by one"


def test_files_that_cannot_be_read_are_told() -> None:
    files = {f"{i}.number": b"0.5" for i in range(20)} | {"00.number": b"loud"}
    app = upload("own.zip", zipped(files))
    assert "00" in words(app) and "Choose “Skip”" in words(app)


def test_where_files_can_be_read_as_two_kinds_the_page_asks() -> None:
    from tests.support.images import picture

    files = {f"{i}.number": b"0.5" for i in range(20)} | {f"{i}.png": picture() for i in range(20)}
    app = upload("own.zip", zipped(files))
    (box,) = [box for box in app.selectbox if box.label == "Read as"]
    assert set(box.options) == {"Images", "Film", "Numbers"}, "pictures can be the frames of a film"
    checked(box.set_value("plain").run())
    assert "**20 numbers**" in words(app)
