"""The tables of ``docs/claims.md`` are those that the claims give."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from genlab.docs_claims import MARKER, main
from tests.docs.blocks import ROOT
from tests.support.command import child_environment

FILE = ROOT / "docs" / "claims.md"


def test_what_the_tables_say_is_true() -> None:
    """As the package alone gives them, without the plugins of whoever runs the tests, and without torch."""
    code = (
        "import sys; from genlab.docs_claims import document; print(document()); "
        "assert not {'torch', 'streamlit'} & set(sys.modules)"
    )
    environment = child_environment(GENLAB_PLUGINS="", PYTHONIOENCODING="utf-8")
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
    now = set(done.stdout.decode().splitlines())
    written = FILE.read_text(encoding="utf-8").partition(MARKER)[2].splitlines()
    assert len(written) > 80
    assert [line for line in written if line not in now] == [], "run: python -m genlab.docs_claims docs/claims.md"


def test_the_text_above_the_marker_stays(tmp_path: Path) -> None:
    path = tmp_path / "claims.md"
    path.write_text(f"# Mine\n{MARKER}\nold\n", encoding="utf-8")
    assert main([str(path)]) == 0
    assert path.read_text(encoding="utf-8").startswith("# Mine\n")
    assert "\nold\n" not in path.read_text(encoding="utf-8")
    path.write_text("# Mine\n", encoding="utf-8")
    assert main([str(path)]) == 2
    assert path.read_text(encoding="utf-8") == "# Mine\n"
