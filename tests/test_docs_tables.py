"""The tables of ``docs/entries.md`` are those that the registries give."""

from __future__ import annotations

import subprocess
import sys

from genlab.docs_tables import leaves, table
from genlab.options import Options, setting
from genlab.registry import registry
from tests.docs.blocks import ROOT
from tests.support.command import child_environment


def generated() -> str:
    """The document as the package alone gives it, without the plugins of whoever runs the tests."""
    code = (
        "import sys; from genlab.docs_tables import main; main(); assert not {'torch', 'streamlit'} & set(sys.modules)"
    )
    environment = child_environment(GENLAB_PLUGINS="", PYTHONIOENCODING="utf-8")
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
    return done.stdout.decode()


def test_what_the_tables_say_is_true() -> None:
    """Nothing written is out of date; an entry that is not in them yet breaks nothing (``make docs`` adds it)."""
    written = (ROOT / "docs" / "entries.md").read_text(encoding="utf-8").splitlines()
    now = set(generated().splitlines())
    assert len(written) > 80
    assert [line for line in written if line not in now] == [], "run: make docs"


def test_rows_say_what_the_specs_say() -> None:
    lines = generated().splitlines()
    for kind, name in [("losses", "relativistic"), ("penalties", "r1_r2"), ("datasets", "mnist-5k")]:
        spec = registry(kind).get(name)
        (row,) = [line for line in lines if line.startswith(f"| `{name}` |")]
        assert spec.title in row
        assert spec.summary in row
    assert "| `pack` | `gan` | `1` | 1 to 8 |" in "\n".join(lines)


def test_settings_of_settings_are_listed_by_their_path() -> None:
    class Inner(Options):
        size: int = setting(3, "how large", ge=1)

    class Outer(Options):
        inner: Inner = setting(Inner(), "the rest")
        share: float = setting(0.5, "how much", gt=0, le=1)

    assert [field.path for field in leaves(Outer())] == ["inner.size", "share"]


def test_what_would_end_a_cell_does_not() -> None:
    assert table(["a", "b"], [["p(x | z)", "two\nlines"]]).splitlines()[2] == r"| p(x \| z) | two lines |"
