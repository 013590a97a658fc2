"""What an address brings along is shown as typed: no link, no picture, no emphasis."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.pages import open_page
from tests.support.runs import make_run

EVIL = "[Sign in](https://evil.example/) <b>now</b> *x*"
LINK = re.compile(r"(?<!\\)\[[^\]]*\]\(|https?://|<b>|(?<!\\)\*x")
ASKED = [
    ("data.py", "data"),
    ("train.py", "data"),
    ("train.py", "model"),
    ("train.py", "preset"),
    ("train.py", "from"),
    ("train.py", "run"),
    ("match.py", "match"),
    ("match.py", "data"),
    ("guide.py", "match"),
    ("guide.py", "lesson"),
    ("guide.py", "section"),
    ("curves.py", "run"),
    ("compare.py", "run"),
    ("collapse.py", "run"),
    ("latent.py", "run"),
    ("tasks.py", "task"),
    ("tasks.py", "run"),
    ("tasks.py", "options"),
    ("playground.py", "scene"),
]


@pytest.mark.parametrize(("page", "name"), ASKED)
def test_an_address_in_markdown_is_not_rendered(workspace: Path, page: str, name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENLAB_READ_ONLY", "1")
    make_run(workspace / "runs", "20261101-000000-vae-x", images=2_048, samples=())
    app = open_page(page, **{name: EVIL})
    kinds = (app.markdown, app.caption, app.info, app.error, app.warning, app.success, app.expander)
    texts = [str(getattr(item, "value", "") or getattr(item, "label", "")) for kind in kinds for item in kind]
    texts += [item.proto.title for kind in (app.error, app.warning) for item in kind]
    assert not [text for text in texts if "evil" in text and LINK.search(text)]
    assert not [item.value for item in app.html if "<b>now" in item.value]


@pytest.mark.parametrize(("page", "name"), ASKED)
@pytest.mark.parametrize("changing", [True, False], ids=["changing", "looking"])
def test_a_page_has_one_title_also_where_it_only_refuses(
    workspace: Path, page: str, name: str, changing: bool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("GENLAB_READ_ONLY", "" if changing else "1")
    make_run(workspace / "runs", "20261101-000000-vae-x", images=2_048, samples=())
    app = open_page(page, **{name: "nix"})
    assert len([item.value for item in app.markdown if item.value.startswith("# ")]) == 1


@pytest.mark.parametrize("query", [{}, {"run": "20261101-000000-vae-x"}], ids=["form", "run"])
def test_a_page_whose_run_is_damaged_has_one_title(workspace: Path, query: dict[str, str]):
    run = make_run(workspace / "runs", "20261101-000000-vae-x", images=2_048, samples=())
    for name in ("config.json", "environment.json"):
        (run.path / name).write_text('{"torn')
    for page in ("train.py", "collapse.py", "latent.py", "curves.py", "compare.py"):
        app = open_page(page, **query)
        assert len([item.value for item in app.markdown if item.value.startswith("# ")]) == 1, page
