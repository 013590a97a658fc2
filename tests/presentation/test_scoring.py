from __future__ import annotations

from pathlib import Path

import pytest

from genlab.lab import Lab
from genlab.presentation.lineup import gather
from genlab.presentation.scoring import NOT_EVALUATED, absences, groups, panels, protocols, unevaluated, warnings
from genlab.registry import registry
from tests.support.comparison import add_checkpoint, add_evaluation, line
from tests.support.runs import make_run

AT = 20_480


@pytest.fixture
def lab(workspace: Path) -> Lab:
    return Lab()


def make(lab: Lab, name: str, **options):
    run = make_run(lab.workspace.runs, name, **options)
    add_checkpoint(run, AT)
    return run


def entrants(lab: Lab):
    return gather(lab, [lab.runs.find(run.id) for run in sorted(lab.runs.all(), key=lambda run: run.id)])[0]


def moments(lab: Lab):
    return {run.id: AT for run in lab.runs.all()}


def test_models_judged_the_same_way_share_a_panel(lab):
    for name, value in (("a", 0.3), ("b", 0.6)):
        add_evaluation(make(lab, name, model="gan" if name == "b" else "vae"), AT, {"coverage": line(value)})
    (panel,) = panels(entrants(lab), moments(lab))
    assert [score.value for score in panel.scores] == [0.3, 0.6]
    assert (panel.title, panel.floor, panel.encoder) == ("Coverage", 0.9, "in-domain")
    assert list(groups([panel])) == ["Fidelity and diversity"]


def test_other_encoders_and_other_numbers_of_items_never_do(lab):
    a, b = make(lab, "a"), make(lab, "b", model="gan")
    add_evaluation(a, AT, {"coverage": line(0.3)})
    add_evaluation(b, AT, {"coverage": line(0.6, encoder="pixels")}, encoder="pixels")
    found = panels(entrants(lab), moments(lab))
    assert {panel.encoder: [score.value for score in panel.scores] for panel in found} == {
        "in-domain": [0.3, None],
        "pixels": [None, 0.6],
    }
    add_evaluation(b, AT, {"coverage": line(0.7)}, samples=5_000)
    domain = next(panel for panel in panels(entrants(lab), moments(lab)) if panel.encoder == "in-domain")
    assert len([score for score in domain.scores if score.value is not None]) == 1


def test_numbers_of_an_earlier_version_are_marked_and_not_put_beside_todays(lab):
    a, b = make(lab, "a"), make(lab, "b", model="gan")
    add_evaluation(a, AT, {"ssim": line(0.9)})
    (panel,) = panels(entrants(lab), moments(lab))
    assert (panel.title, panel.scores[0].value) == ("SSIM (earlier version of this metric)", 0.9)
    add_evaluation(b, AT, {"ssim": line(0.8, version=registry("metrics").get("ssim").version)})
    (panel,) = panels(entrants(lab), moments(lab))
    assert (panel.title, [score.value for score in panel.scores]) == ("SSIM", [None, 0.8])
    assert "earlier version" in panel.scores[0].why


def test_what_a_guard_says_is_told_with_the_models_name(lab):
    a, b = make(lab, "a"), make(lab, "b", model="gan")
    add_evaluation(a, AT, {"copies": line(0.2, alarm="Some are copies.")})
    add_evaluation(b, AT, {"copies": line(0.01)})
    members = entrants(lab)
    found = panels(members, moments(lab))
    assert warnings(found) == [f"{members[0].label}: Some are copies."]


def test_the_protocol_of_most_models_is_taken_and_the_rest_wait(lab):
    runs = [make(lab, name, model=model) for name, model in (("a", "vae"), ("b", "gan"), ("c", "vae_gan"))]
    for run in runs[:2]:
        add_evaluation(run, AT, {"coverage": line(0.3)}, samples=1_000)
    add_evaluation(runs[2], AT, {"coverage": line(0.3)}, samples=5_000)
    (protocol,) = protocols(entrants(lab), moments(lab))
    assert protocol.samples == 1_000
    assert [item.run.id for item in unevaluated(entrants(lab), moments(lab), protocol)] == ["c"]


def test_results_of_other_checkpoints_do_not_count(lab):
    run = make(lab, "a")
    add_evaluation(run, 1_024, {"coverage": line(0.3)})
    assert panels(entrants(lab), moments(lab)) == []
    assert len(unevaluated(entrants(lab), moments(lab), None)) == 1


def test_what_is_missing_says_why(lab):
    a, b = make(lab, "a"), make(lab, "b", model="gan")
    make(lab, "c", model="vae_gan")
    add_evaluation(a, AT, {"psnr": line(12.0), "mig": line(None, why="No factors.")})
    add_evaluation(b, AT, {"psnr": line(None, why="It has no encoder."), "mig": line(None, why="No factors.")})
    found = panels(entrants(lab), moments(lab))
    reasons = absences(found)
    assert reasons["It has no encoder."] == ["PSNR (GAN, seed 0)"]
    assert NOT_EVALUATED not in reasons
    assert [panel.name for panel in groups(found)["Reconstruction"]] == ["psnr"]


def test_seeds_get_a_mean_of_their_own(lab):
    for seed, value in enumerate((0.4, 0.5, 0.6)):
        add_evaluation(make(lab, f"s{seed}", model="gan", seed=seed), AT, {"coverage": line(value)})
    (panel,) = panels(entrants(lab), moments(lab))
    assert len(panel.scores) == 4
    mean = panel.scores[-1]
    assert mean.seeds == 3 and mean.value == pytest.approx(0.5) and mean.low is not None and mean.low < 0.4
    early = moments(lab) | {"s0": 1_024}
    assert not any(score.seeds for found in panels(entrants(lab), early) for score in found.scores)


def test_a_metric_that_is_not_installed_any_more_keeps_its_numbers(lab):
    add_evaluation(make(lab, "a"), AT, {"my_metric": line(3.0)})
    (panel,) = panels(entrants(lab), moments(lab))
    assert panel.title == "My metric" and panel.has_values
    assert groups([panel])
