from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from genlab.config import DataConfig
from genlab.evaluation.evaluation_request import EvaluationRequest, kept_sandbox
from genlab.lab import Lab
from genlab.store import atomic
from genlab.ui.views.sandbox import SAMPLES
from tests.support.evaluations import sandbox_of
from tests.support.pages import checked, open_page, words


@pytest.fixture
def lab(workspace: Path) -> Lab:
    return Lab()


def keep_sandbox(lab: Lab, document: dict[str, Any]) -> None:
    path = kept_sandbox(
        lab.workspace.encoders, DataConfig(name="mnist-5k"), "half_classes", EvaluationRequest(samples=SAMPLES)
    ).path
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic.write_json(path, document)


def test_the_sandbox_says_who_notices(lab):
    keep_sandbox(lab, sandbox_of())
    app = open_page("collapse.py")
    text = words(app)
    assert "**Notice:** Coverage." in text and "**Blind to this:** Recall." in text
    app.select_slider[0].set_value(0)
    checked(app.run())
    assert "Nothing is damaged" in words(app)


def test_a_sandbox_document_of_unknown_scores_is_shown_without_them(lab):
    keep_sandbox(lab, sandbox_of(of_another_version=[1.0] * 5, coverage=[0.97, None, None, None, None]))
    assert "**No number:** Coverage." in words(open_page("collapse.py"))
