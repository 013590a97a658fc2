"""The collapse watch in whole runs: what it writes, that training does not notice, and what a resume makes of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from genlab.config import RunConfig, change
from genlab.lab import Lab
from genlab.store.run import Run
from genlab.store.run_directory import RunDirectory
from genlab.worker.inline import InlineLauncher
from tests.worker.conftest import FAMILIES, short

EVERY = 4_096
TIMED = {"seconds", "images_per_second"}


class StopAt(InlineLauncher):
    """Starts a run that is stopped when it has seen so many images."""

    def __init__(self, images: int) -> None:
        self.images = images

    def launch(self, run: RunDirectory) -> None:
        from genlab.worker import session

        class Early(session.Session):
            def _should_stop(self, state):  # type: ignore[no-untyped-def]
                return state.images >= images

        images, original = self.images, session.Session
        session.Session = Early  # type: ignore[misc]
        try:
            super().launch(run)
        finally:
            session.Session = original  # type: ignore[misc]


def watched(lab: Lab, model: str, images: int = 3 * EVERY, **settings: Any) -> RunConfig:
    every = {"log_every": 1_024, "sample_every": EVERY, "checkpoint_every": EVERY}
    return short(lab, model, images=images, **{**every, **settings})


def deaf(lab: Lab, images: int = 28_672) -> RunConfig:
    """A VAE whose code costs too much."""
    return watched(lab, "vae", images, beta=500.0, kl_warmup=0.0, lr=3e-3, **{"network.width": 64})


def weights(lab: Lab, run: Run) -> dict[str, torch.Tensor]:
    return load_file(lab.runs.read(run).checkpoints()[-1].path / "model.safetensors")


def rows_of(lab: Lab, run: Run) -> list[dict[str, Any]]:
    return [{k: v for k, v in row.items() if k not in TIMED} for row in lab.runs.read(run).metrics()[0]]


def size(run: Run, name: str) -> tuple[int, int]:
    with Image.open(run.path / name) as picture:
        return picture.size


@pytest.mark.parametrize("model", FAMILIES)
def test_numbers_stand_in_the_rows_in_which_it_looked(lab: Lab, model: str):
    run = lab.runs.submit(watched(lab, model, images=2 * EVERY + 1_024))
    assert run.state == "completed", run.error
    expected = {"watch/modes", "watch/near_duplicates", "watch/coverage", "watch/copies"}
    expected |= {"watch/critic_gap", "watch/critic_memory"} if model in ("gan", "vae_gan") else set()
    expected |= {"watch/active_units"} if model != "gan" else set()
    looks = {r["images"]: {name for name in r if name.startswith("watch/")} for r in rows_of(lab, run)}
    assert {images: names for images, names in looks.items() if names} == dict.fromkeys(
        (EVERY, 2 * EVERY, 2 * EVERY + 1_024), expected
    )
    facts = lab.runs.read(run).status()["watch"]
    assert (facts["data"], facts["modes"], facts["kind"]) == ("images", 10, "classes")
    assert 0 < facts["seconds"] < run.seconds
    assert lab.runs.read(run).alarms() == []


@pytest.mark.parametrize("model", FAMILIES)
def test_training_does_not_notice(lab: Lab, model: str):
    with_it, without = (lab.runs.submit(watched(lab, model, 2 * EVERY, collapse=on)) for on in (True, False))
    one, two = weights(lab, with_it), weights(lab, without)
    assert one.keys() == two.keys() and all(torch.equal(one[name], two[name]) for name in one)
    stripped = [{k: v for k, v in row.items() if not k.startswith("watch/")} for row in rows_of(lab, with_it)]
    assert stripped == rows_of(lab, without)
    assert "watch" not in lab.runs.read(without).status()


def test_an_alarm_is_written_with_its_pictures(lab: Lab):
    run = lab.runs.submit(deaf(lab))
    assert run.state == "completed", run.error
    (alarm,) = lab.runs.read(run).alarms()
    assert (alarm["symptom"], alarm["images"], alarm["last"]) == ("posterior_collapse", 24_576, 28_672)
    assert alarm["settings"]["beta"] == 1.0
    assert alarm["pictures"] == ["samples/000000024576.png", "alarms/000000024576-posterior_collapse.png"]
    assert size(run, alarm["pictures"][1]) == (8 * 8, 2 * 8), "eight digits of 8 x 8 above what is left of them"
    mended = change(lab.runs.read(run).config(), alarm["settings"])
    assert lab.runs.read(lab.runs.submit(mended)).alarms() == []


def test_samples_that_are_alike_are_shown_in_pairs(lab: Lab):
    config = watched(lab, "gan", 28_672, loss="minimax", penalty="none", critic_lr=1e-2, lr=1e-5, sample_every=1_024)
    run = lab.runs.submit(config)
    (alarm,) = [alarm for alarm in lab.runs.read(run).alarms() if alarm["symptom"] == "mode_collapse"]
    assert f"alarms/{alarm['images']:012d}-mode_collapse.png" in alarm["pictures"]
    assert size(run, alarm["pictures"][1]) == (8 * 8, 2 * 8)


@pytest.mark.parametrize("stop", [20_480, 24_576])
def test_a_resumed_run_has_the_rows_and_alarms_of_one_that_went_through(lab: Lab, stop: int):
    straight = lab.runs.submit(deaf(lab))
    halted = Lab(lab.workspace.path, launcher=StopAt(stop)).runs.submit(deaf(lab))
    assert halted.state == "stopped" and halted.images == stop
    resumed = lab.runs.resume(halted)
    assert resumed.state == "completed", resumed.error
    assert rows_of(lab, resumed) == rows_of(lab, straight)
    assert lab.runs.read(resumed).alarms() == lab.runs.read(straight).alarms()


def test_alarms_behind_the_checkpoint_are_forgotten_and_raised_again(lab: Lab):
    run = Lab(lab.workspace.path, launcher=StopAt(24_576)).runs.submit(deaf(lab))
    directory = lab.runs.read(run)
    (before,) = directory.alarms()
    directory.checkpoints()[-1].path.rename(run.path / "lost")
    again = Lab(lab.workspace.path, launcher=StopAt(20_480)).runs.resume(run)
    assert again.images == 20_480
    assert directory.alarms() == [] and not list((run.path / "alarms").iterdir())
    lab.runs.resume(run)
    (after,) = directory.alarms()
    assert {**after, "last": before["last"]} == before


def test_an_alarm_lost_with_the_worker_is_written_by_the_next(lab: Lab):
    run = Lab(lab.workspace.path, launcher=StopAt(24_576)).runs.submit(deaf(lab))
    directory = lab.runs.read(run)
    before = directory.alarms()
    (run.path / "alarms.json").unlink()
    Lab(lab.workspace.path, launcher=StopAt(24_576)).runs.resume(run)
    assert directory.alarms() == before


def test_points_are_looked_at_more_rarely(lab: Lab):
    settings = {"images": 40_000, "batch_size": 64, "threads": 1, "sample_every": 8_192, "network.width": 32}
    run = lab.runs.submit(lab.configs.make("gan", "ring", settings=settings))
    assert run.state == "completed", run.error
    looks = [row["images"] for row in rows_of(lab, run) if "watch/modes" in row]
    assert looks == [16_384, 32_768, 40_000]


def test_a_conditional_packed_critic_is_asked_in_whole_packs(lab: Lab):
    run = lab.runs.submit(watched(lab, "gan", EVERY, conditional=True, pack=4))
    assert run.state == "completed", run.error
    assert -1 <= rows_of(lab, run)[-1]["watch/critic_memory"] <= 1


def test_few_data_are_watched_without_holding_samples_against_them(lab: Lab):
    run = lab.runs.submit(watched(lab, "vae", EVERY, limit=64))
    assert run.state == "completed", run.error
    last = rows_of(lab, run)[-1]
    assert "watch/active_units" in last
    assert json.loads((run.path / "status.json").read_text())["watch"]["seconds"] > 0


def test_a_model_that_draws_no_samples_is_watched_for_what_its_critic_does_alone(lab: Lab):
    run = lab.runs.submit(watched(lab, "restorer", images=EVERY + 1_024))
    assert run.state == "completed", run.error
    looks = {r["images"]: {name for name in r if name.startswith("watch/")} for r in rows_of(lab, run)}
    assert [(images, names) for images, names in looks.items() if names] == [
        (EVERY, {"watch/critic_gap"}),
        (EVERY + 1_024, {"watch/critic_gap"}),
    ]
    assert set(lab.runs.read(run).status()["watch"]) == {"seconds"} and lab.runs.read(run).alarms() == []
