from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from genlab.lab import Lab
from genlab.presentation.lineup import (
    by_data,
    counted,
    gather,
    latent_note,
    need_checkpoint,
    positions,
    run_label,
    seed_sets,
)
from tests.support.comparison import add_checkpoint, add_evaluation, line
from tests.support.runs import make_run


@pytest.fixture
def lab(workspace: Path) -> Lab:
    return Lab()


def entrants(lab: Lab):
    return gather(lab, [lab.runs.find(run.id) for run in sorted(lab.runs.all(), key=lambda run: run.id)])[0]


def test_each_stands_at_its_newest_checkpoint_at_or_before_the_moment(lab):
    for name, target, moments in (("a", 20_480, (1_024, 10_240, 20_480)), ("b", 10_240, (5_120, 10_240))):
        run = make_run(lab.workspace.runs, name, target=target)
        for images in moments:
            add_checkpoint(run, images)
    a, b = entrants(lab)
    assert positions([a, b], "images seen") == [1_024, 5_120, 10_240, 20_480]
    assert [item.at("images seen", 6_000) for item in (a, b)] == [1_024, 5_120]
    assert [item.at("images seen", 2_000) for item in (a, b)] == [1_024, None]
    assert positions([a, b], "share of training") == [0.05, 0.5, 1.0]
    assert [item.at("share of training", 0.5) for item in (a, b)] == [10_240, 5_120]
    assert [item.at("share of training", None) for item in (a, b)] == [20_480, 10_240]


def test_what_has_been_seen_is_counted_in_the_words_of_its_kind(lab):
    make_run(lab.workspace.runs, "a")
    make_run(lab.workspace.runs, "b", data="tones")
    a, b = entrants(lab)
    b = replace(b, environment={**b.environment, "space": {**(b.environment.get("space") or {}), "kind": "sound"}})
    assert (a.kind.name, b.kind.name) == ("images", "sound")
    assert [counted(each) for each in ([a], [b], [a, b])] == ["images", "sounds", "items"]


def test_without_a_checkpoint_it_says_what_to_do(lab):
    make_run(lab.workspace.runs, "a", state="failed")
    late = make_run(lab.workspace.runs, "b")
    add_checkpoint(late, 4_096)
    a, b = entrants(lab)
    assert "Resume" in need_checkpoint(a, a.at("images seen", None)).hint
    assert "4,096" in need_checkpoint(b, b.at("images seen", 10)).message
    assert need_checkpoint(b, 4_096) is None


def test_seeds_of_one_model_belong_together(lab):
    make_run(lab.workspace.runs, "a", model="gan", seed=0, name="one")
    make_run(lab.workspace.runs, "b", model="gan", seed=1)
    make_run(lab.workspace.runs, "c", model="gan", seed=2, settings={"latent_dim": 5})
    make_run(lab.workspace.runs, "d", model="vae", seed=1)
    ((first, second),) = seed_sets(entrants(lab))
    assert (first.run.id, second.run.id) == ("a", "b")


def test_other_data_stand_by_themselves(lab):
    make_run(lab.workspace.runs, "a")
    other = make_run(lab.workspace.runs, "b", data="digits")
    other.write_environment({"data": {"fingerprint": "1" * 64}})
    found = entrants(lab)
    assert [[item.run.id for item in members] for members in by_data(found).values()] == [["a"], ["b"]]
    assert "digits" in found[1].label and "mnist-5k" in found[0].label


def test_labels_differ_and_shades_too(lab):
    for name in ("run-aa", "run-bb"):
        make_run(lab.workspace.runs, name, model="gan")
    first, second = entrants(lab)
    assert first.label != second.label and (first.place, second.place) == (0, 1)


def test_other_latent_sizes_are_told(lab):
    make_run(lab.workspace.runs, "a")
    assert latent_note(entrants(lab)) == ""
    make_run(lab.workspace.runs, "b", settings={"latent_dim": 7})
    assert "7" in latent_note(entrants(lab))


def test_damaged_evaluations_are_counted_and_left_out(lab):
    run = make_run(lab.workspace.runs, "a")
    add_evaluation(run, 4_096, {"coverage": line(0.5)})
    folder = run.path / "evaluations"
    for name, content in (("x", "{"), ("y", "[]"), ("z", '{"images": 1, "metrics": {"coverage": 3}}')):
        (folder / f"{name}.json").write_text(content)
    (found,) = entrants(lab)
    assert len(found.documents) == 1 and found.damaged == 3


def test_a_run_that_cannot_be_read_is_refused_and_the_rest_shown(lab):
    make_run(lab.workspace.runs, "a")
    runs = [lab.runs.find("a"), lab.runs.find("a")]
    (lab.workspace.runs / "a" / "config.json").write_text("{")
    found, refused = gather(lab, runs)
    assert not found and len(refused) == 2


def test_a_picker_says_of_a_shipped_run_that_it_is_one(lab, tmp_path, monkeypatch):
    make_run(tmp_path / "zoo" / "runs", "twin-gan", model="gan", created=9.0)
    monkeypatch.setenv("GENLAB_ZOO", str(tmp_path / "zoo"))
    assert run_label(lab.runs.find("twin-gan")).endswith("shipped")
    make_run(lab.workspace.runs, "1-gan", model="gan", created=1.0)
    assert not run_label(lab.runs.find("1-gan")).endswith("shipped")
