"""The slider of an edit's strength is there where a task has moved codes that fit the model, and only there."""

from __future__ import annotations

from typing import Any

import pytest

from genlab.lab import Lab
from genlab.presentation.lineup import gather
from genlab.ui.views import tasks_strength
from tests.evaluation.conftest import TINY

DIM = 4
MOVED = {"codes": [[0.0] * DIM] * 2, "ways": [[1.0] * DIM] * 2, "towards": ["1", "4"], "classes": None}
LARGEST = "largest_strength"


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the component was given."""
    found: list[Any] = []
    monkeypatch.setattr(tasks_strength, "strength", lambda key, models, most: found.append((models, most)))
    return found


@pytest.fixture(scope="module")
def entrant(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from genlab.worker.inline import InlineLauncher

    lab = Lab(tmp_path_factory.mktemp("strength"), launcher=InlineLauncher())
    run = lab.runs.submit(lab.configs.make("vae", "digits", "quick", {**TINY, "latent_dim": DIM}))
    ((found,), refused) = gather(lab, [run])
    assert run.state == "completed" and not refused
    return lab, found


def test_models_whose_codes_were_moved_have_a_row_with_their_decoder(entrant: Any, shown: list[Any]) -> None:
    lab, one = entrant
    of_an_older_release, todays = {**MOVED, "most": 3.0}, {**MOVED, LARGEST: 5.0}
    documents = [*({"details": {"moved": moved}} for moved in (of_an_older_release, todays)), {"details": {}}, None]
    tasks_strength.render(lab, [(one, document) for document in documents], "key")
    ((models, most),) = shown
    assert len(models) == 2 and most == 5.0
    tasks_strength.render(lab, [(one, documents[0])], "key")
    assert shown[1][1] == 3.0
    assert models[0].shape == (1, 8, 8) and models[0].towards == ("1", "4") and models[0].images == one.run.images
    assert models[0].source["decode"] == f"genlab/runs/{one.run.id}/decode"
    assert models[0].source["graph"].startswith(f"genlab/runs/{one.run.id}/decoder/decoder-"), "its run exported it"


@pytest.mark.parametrize(
    "change",
    [{"codes": [[0.0] * 3] * 2}, {"ways": "x"}, {"towards": ["1"]}, {"codes": [[1e400] * DIM] * 2}, {"classes": ["x"]}],
)
def test_codes_that_do_not_fit_the_model_are_not_shown(entrant: Any, shown: list[Any], change: dict[str, Any]) -> None:
    lab, one = entrant
    tasks_strength.render(lab, [(one, {"details": {"moved": {**MOVED, LARGEST: 3.0, **change}}})], "key")
    tasks_strength.render(lab, [(one, {"details": {"moved": "torn"}})], "key")
    assert shown == []
