"""How long a match that is only asked for will take; `tests/lab/test_matches.py` has its numbers."""

from __future__ import annotations

import pytest

from genlab.lab import Lab
from genlab.matches.fair import base_configs
from genlab.matches.outlook import equal_compute, expected_seconds
from tests.support.runs import make_run


def test_more_seeds_and_longer_runs_take_longer(tmp_path, monkeypatch):
    monkeypatch.setenv("GENLAB_SLOTS", "1")
    lab = Lab(tmp_path)
    request = lab.matches.request(data="digits", families="vae,gan", seeds=1, images=90_000, trials=False)
    assert expected_seconds(request, lab) is None, "nothing was ever measured"
    for config in base_configs(request, lab)[0].values():
        name = config.model.name
        run = make_run(
            lab.workspace.runs, name, model=name, data="digits", settings=config.model_dump(mode="json"), side=8
        )
        run.update_status(seconds=run.summary().images / 100)
    low, high = expected_seconds(request, lab) or (0.0, 0.0)
    assert 0 < low < high
    longer = expected_seconds(request.model_copy(update={"images": 180_000}), lab) or (0.0, 0.0)
    assert longer[1] - high == pytest.approx(2 * 90_000 / 100 * 1.2)
    assert (expected_seconds(request.model_copy(update={"seeds": 3}), lab) or (0.0, 0.0))[0] > low


def test_equal_compute_gives_all_the_same_seconds_and_none_fewer_images():
    lengths, seconds = equal_compute(9_000, 64, {"vae": 900.0, "gan": 300.0, "vae_gan": 100.0})
    assert (lengths["vae_gan"], seconds) == (9_000, 90.0)
    assert {family: images % 64 for family, images in lengths.items() if family != "vae_gan"} == {"vae": 0, "gan": 0}
    took = [images / speed for images, speed in zip(lengths.values(), (900, 300, 100), strict=True)]
    assert took == pytest.approx([90.0] * 3, abs=64 / 300)


def test_lengths_of_equal_compute_are_expected_by_the_speeds_known(tmp_path):
    lab = Lab(tmp_path)
    asked = {"data": "digits", "families": "vae,gan", "images": 9_024, "fairness": "compute"}
    request = lab.matches.request(**asked)
    assert [(run.images, run.seconds) for run in lab.matches.expected_runs(request)] == [(None, None)] * 2
    for config in base_configs(request, lab)[0].values():
        name = config.model.name
        run = make_run(
            lab.workspace.runs, name, model=name, data="digits", settings=config.model_dump(mode="json"), side=8
        )
        run.update_status(seconds=run.summary().images / {"vae": 400, "gan": 100}[name])
    vae, gan = lab.matches.expected_runs(request)
    assert (vae.family, gan.family, gan.images) == ("vae", "gan", 9_024)
    assert vae.images == pytest.approx(4 * 9_024, rel=0.01) and vae.seconds == pytest.approx(gan.seconds, rel=0.01)
    equal = lab.matches.expected_runs(request.model_copy(update={"fairness": "images"}))
    assert [run.images for run in equal] == [9_024, 9_024] and equal[0].seconds[1] < equal[1].seconds[0]
    assert expected_seconds(request, lab) > expected_seconds(request.model_copy(update={"fairness": "images"}), lab)
