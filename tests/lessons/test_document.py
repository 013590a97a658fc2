"""``docs/lessons.md`` is what the specs give."""

from __future__ import annotations

import subprocess
import sys

from genlab.lessons._document import in_order, plan_markdown
from tests.docs.blocks import ROOT
from tests.support.command import child_environment
from tests.support.lessons import lesson


def generated() -> str:
    """The document as the package alone gives it, without plugins."""
    code = (
        "import sys; from genlab.lessons._document import document; sys.stdout.write(document());"
        "assert not {'torch', 'streamlit'} & set(sys.modules)"
    )
    environment = child_environment(GENLAB_PLUGINS="", PYTHONIOENCODING="utf-8")
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
    return done.stdout.decode()


def test_what_is_written_is_true():
    written = (ROOT / "docs" / "lessons.md").read_text(encoding="utf-8").splitlines()
    now = set(generated().splitlines())
    assert len(written) > 100
    assert [line for line in written if line not in now] == [], "run: python -m genlab.lessons > docs/lessons.md"


def test_every_lesson_has_its_section():
    titles = [line[3:] for line in generated().splitlines() if line.startswith("## ")]
    assert titles == [spec.title for spec in in_order() if spec.title in titles] and len(titles) >= 9


def test_a_plan_says_all_that_there_is():
    plan = lesson("hybrid").plan
    text = plan_markdown(lesson("hybrid"))
    for part in (plan.aim, plan.before, *plan.ask, *plan.traps, *plan.follow, *(said for said, _ in plan.said)):
        assert part in text
