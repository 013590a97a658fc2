"""Every page with a run of every kind of data: none may fail; a page that cannot show a kind says so in one sentence.

Kinds that are registered later are in it by themselves, with the first data set of theirs that takes no download.
"""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from genlab import kinds
from genlab.config import DataConfig
from genlab.errors import InputError
from genlab.lab import Lab
from genlab.registry import registry
from genlab.store.run import Run
from genlab.worker.inline import InlineLauncher
from tests.support.features import hasty_features  # noqa: F401
from tests.support.pages import open_page, words

PAGES = ("home", "data", "train", "match", "curves", "latent", "compare", "collapse", "tasks", "guide")
SIDE = 16
FEW = {"count": 400, "bands": 32, "frames": 16}
"""Of options that make data fewer or smaller, those that a data set has."""
TINY = {
    "training.images": 64,
    "training.batch_size": 32,
    "training.threads": 1,
    "watch.checkpoint_every": 64,
    "watch.sample_every": 64,
    "watch.log_every": 32,
    "watch.samples": 4,
    "watch.collapse": False,
}


def data_of(kind: str) -> DataConfig | None:
    """Data of a kind that are made here, as few as they can be."""
    made = [spec for spec in registry("datasets") if spec.kind == kind and "count" in spec.Options.model_fields]
    if not made:
        return None
    spec = min(made, key=lambda one: one.name)
    size = SIDE if kinds.get(kind).resized is not None else None
    options = {name: value for name, value in FEW.items() if name in spec.Options.model_fields}
    return DataConfig(name=spec.name, options=options, size=size)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    return Lab(tmp_path_factory.mktemp("kinds"), launcher=InlineLauncher())


@pytest.fixture(scope="module")
def runs(lab: Lab) -> dict[str, Run]:
    made = {}
    for kind in kinds.REGISTRY:
        data = data_of(kind.name)
        if data is None:
            continue
        run = lab.runs.submit(lab.configs.make("vae", data, "quick", TINY))
        assert run.state == "completed", (kind.name, run.error)
        made[kind.name] = run
    return made


@pytest.fixture(autouse=True)
def _here(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENLAB_WORKSPACE", str(lab.workspace.path))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("kind", [kind.name for kind in kinds.REGISTRY])
def test_a_page_shows_a_run_of_every_kind(runs: dict[str, Run], kind: str, page: str) -> None:
    if kind not in runs:
        pytest.skip("no data set of this kind comes with genlab")
    run = runs[kind]
    query = {"run": run.id}
    if page in {"data", "match"}:
        query = {"data": run.data}
    app = open_page(f"{page}.py", **query)
    assert not app.error, words(app)


LABELLED = (
    "button",
    "selectbox",
    "number_input",
    "slider",
    "expander",
    "toggle",
    "checkbox",
    "multiselect",
    "page_link",
)
"""Elements with a label and a help text."""

SAID = re.compile(r"\bimages?\b")
MEANT = re.compile(r"training\W*\.images|It is for images")
"""The word where it is the name of a setting, or where it is said that a score is for images only."""


def sentences(app: AppTest) -> list[str]:
    """What is said on a page: texts, labels, helps and what pictures are called; neither styles nor tags."""
    shown = [re.sub(r"<style>.*?</style>", "", words(app), flags=re.DOTALL)]
    shown += [
        str(getattr(item.proto, part, "")) for kind in LABELLED for item in app.get(kind) for part in ("label", "help")
    ]
    named = [name for text in shown for name in re.findall(r"""(?:alt|title)=['"](.*?)['"]""", text)]
    texts = [re.sub(r"<[^>]*>", " ", text) for text in shown]
    return [sentence for text in [*texts, *named] for sentence in re.split(r"(?<=[.!?])\s|\n", text)]


@pytest.mark.parametrize("page", ["data", "train", "match", "curves", "latent", "compare", "collapse"])
@pytest.mark.parametrize("kind", [kind.name for kind in kinds.REGISTRY if not kind.pixels and kind.pictured])
def test_what_is_no_image_is_not_called_one(runs: dict[str, Run], kind: str, page: str) -> None:
    if kind not in runs:
        pytest.skip("no data set of this kind comes with genlab")
    query = {"data": runs[kind].data} if page in {"data", "match"} else {"run": runs[kind].id}
    said = sentences(open_page(f"{page}.py", **query))
    assert len(said) > 3
    assert [text for text in said if SAID.search(text) and not MEANT.search(text)] == []


@pytest.mark.parametrize("task", [spec.name for spec in registry("tasks")])
@pytest.mark.parametrize("kind", [kind.name for kind in kinds.REGISTRY])
def test_a_task_is_done_with_every_kind_or_says_why_not(lab: Lab, runs: dict[str, Run], kind: str, task: str) -> None:
    if kind not in runs:
        pytest.skip("no data set of this kind comes with genlab")
    run, spec = runs[kind], registry("tasks").get(task)
    if why := lab.tasks.unfit(task, run):
        assert why.endswith(".") and (kinds.get(kind).many in why or "classes" in why or "take" in why), why
        return
    options = {"steps": 2} if "steps" in spec.Options.model_fields else {}
    request = lab.tasks.request(task, options, items=4)
    try:
        found = lab.tasks.carry_out(run, request)
    except InputError as error:
        assert error.hint, "what a task refuses has a next step"
        return
    assert any(answer["role"] == "model" for answer in found["answers"]) or found["missing"]
    app = open_page("tasks.py", task=task, run=run.id)
    assert not app.error, words(app)
