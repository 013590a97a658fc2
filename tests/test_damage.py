"""A workspace in which everything is damaged: every list, command and page works, and shows each thing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from genlab.lab import Lab
from tests.support.command import Capture
from tests.support.damage import EVIL, VALUES, WHOLE, Workspace, fill
from tests.support.pages import checked, open_page, words

RUN_PAGES = {
    "train.py": (1, 20),
    "curves.py": (10, 1),
    "compare.py": (6, 3),
    "collapse.py": (1, 24),
    "latent.py": (1, 24),
}
"""Page of runs -> how many are asked of it at once, and every how manieth run."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("damaged")


@pytest.fixture(scope="module")
def damage(folder: Path) -> Workspace:
    return fill(folder)


@pytest.fixture(autouse=True)
def _workspace(damage: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENLAB_WORKSPACE", str(folder))


def test_the_workspace_holds_what_it_should(damage: Workspace):
    assert damage.files >= 638
    assert len(WHOLE) + len(VALUES) >= 20
    assert all(len(ids) >= 40 for ids in damage.damaged.values())


def test_the_lab_finds_each_thing_readable_or_with_a_reason(damage: Workspace):
    lab = Lab()
    every = {"run": lab.runs.found(), "match": lab.matches.found(), "data": lab.data.found()}
    for kind, found in every.items():
        good = {getattr(thing, "id", None) or thing.name for thing in found.good}
        bad = {one.id for one in found.damaged}
        assert not good & bad
        assert set(damage.damaged[kind]) | {damage.healthy[kind]} <= good | bad
        assert damage.healthy[kind] in good and len(bad) > 30
    for one in lab.holdings.damaged():
        assert one.error.hint and "\n" not in one.error.message and len(one.error.message) < 400
    for job in damage.damaged["job"]:
        assert lab.jobs.known(job) is not None


@pytest.mark.parametrize(("command", "kind"), [("runs", "run"), ("matches", "match"), ("data list", "data")])
def test_every_list_of_the_command_line_shows_each(command: str, kind: str, damage: Workspace, capsys):
    run = Capture(capsys)
    code, out, err = run(*command.split())
    assert (code, err) == (0, "")
    document = run.json(*command.split())
    entries = document[{"data": "datasets", "run": "runs", "match": "matches"}[kind]]
    shown = {entry.get(kind) or entry.get("name") for entry in entries}
    for name in damage.damaged[kind]:
        assert name in out and name in shown
    bad = [entry for entry in entries if entry.get("state") == "damaged"]
    assert len(bad) > 30 and all(set(entry["error"]) == {"kind", "message", "hint"} for entry in bad)
    assert all(f"damaged: {entry.get(kind) or entry['name']}: {entry['error']['message']}" in out for entry in bad)


def test_doctor_names_everything_that_is_damaged(capsys):
    lines = Capture(capsys).json("doctor", code=2)["checks"]
    told = "\n".join(line["value"] for line in lines if line["name"].startswith("damaged "))
    for one in Lab().holdings.damaged():
        assert f"{one.id}: {one.error.message}" in told


def test_every_run_is_shown_or_refused_in_one_sentence(damage: Workspace, capsys):
    run = Capture(capsys)
    for name in damage.damaged["run"][::5]:
        code, _, err = run("show", name)
        assert code in {0, 2}, (name, err)
        assert code == 0 or err.startswith("error: "), (name, err)


def test_every_data_set_is_shown_or_refused_in_one_sentence(damage: Workspace, capsys):
    run = Capture(capsys)
    for name in damage.damaged["data"][::3]:
        assert run("data", "show", name)[0] in {0, 2}, name


@pytest.mark.parametrize(
    ("page", "kinds"), [("home.py", ("run", "job")), ("match.py", ("match",)), ("data.py", ("data",))]
)
def test_every_list_page_shows_each_with_its_reason(page: str, kinds: tuple[str, ...], damage: Workspace):
    app = open_page(page)
    shown = words(app)
    lab, places = Lab(), {"run": "run", "match": "match", "data": "data set", "job": "job"}
    for kind in kinds:
        bad = [one for one in lab.holdings.damaged() if one.kind == places[kind]]
        assert len(bad) > 30
        for one in bad:
            assert f"{one.id}</dt>" in shown
    assert not rendered(app)


@pytest.mark.parametrize(
    "page", ["train.py", "guide.py", "playground.py", "curves.py", "compare.py", "collapse.py", "latent.py"]
)
def test_every_other_page_opens(page: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENLAB_READ_ONLY", "1")
    open_page(page)


@pytest.mark.parametrize("page", sorted(RUN_PAGES))
def test_every_page_of_runs_shows_damaged_ones(page: str, damage: Workspace, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENLAB_READ_ONLY", "1")  # looking starts no jobs
    at_once, every = RUN_PAGES[page]
    known = {run.id for run in Lab().runs.all()}
    names = [name for name in damage.damaged["run"] if name in known][::every]
    app = open_page(page, run=names[:at_once] if at_once > 1 else names[0])
    for group in _groups(names, at_once):
        app.query_params["run"] = group if at_once > 1 else group[0]
        shown = words(checked(app.run()))
        assert "Something went wrong" not in shown, group
        assert not rendered(app), group


def test_a_damaged_run_that_is_addressed_is_told(damage: Workspace):
    lost = next(one for one in Lab().runs.found().damaged if one.id.startswith("run-status"))
    app = open_page("train.py", run=lost.id)
    assert lost.error.message in words(app).replace("\\", "")


def test_damaged_parts_of_a_run_are_told_on_its_page(damage: Workspace):
    lab = Lab()
    for part in ("environment", "metrics", "evaluation"):
        run = next(r for r in lab.runs.all() if r.id.startswith(f"run-{part}-0") and lab.runs.read(r).problems())
        shown = words(open_page("train.py", run=run.id)).replace("\\", "")
        assert lab.runs.read(run).problems()[0] in shown


def test_a_name_in_markdown_is_shown_as_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys):
    from tests.support.runs import make_run

    monkeypatch.setenv("GENLAB_WORKSPACE", str(tmp_path))
    run = make_run(tmp_path / "runs", "20261101-000000-vae-evil", name=EVIL)
    document = json.loads(run.config_file.read_text())
    run.config_file.write_text(json.dumps({**document, "name": f"{EVIL}\udcff"}))
    code, out, _ = Capture(capsys)("runs")
    assert code == 0 and "Sign in" in out and "\\udcff" in out
    for page in ("home.py", "curves.py", "compare.py", "collapse.py", "latent.py"):
        words(open_page(page)).encode()


def rendered(app: AppTest) -> list[str]:
    """What of a page would show a name's Markdown or HTML as more than text."""
    kinds = (app.markdown, app.caption, app.info, app.error, app.warning, app.success, app.button, app.expander)
    texts = [getattr(item, "value", None) or getattr(item, "label", "") for kind in kinds for item in kind]
    texts += [item.proto.title for kind in (app.error, app.warning) for item in kind]
    found = [str(text) for text in texts if "[Sign in](" in str(text) or "://evil" in str(text)]
    return found + [item.value for item in app.html if "<img src=x" in item.value]


def _groups(names: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(names), size):
        yield names[start : start + size]
