from __future__ import annotations

import shlex

import pytest

from genlab.commands.train import parse_settings
from genlab.config import RunConfig
from genlab.lab import Lab
from genlab.presentation.command_line import command_line, differences
from genlab.registry import registry


@pytest.fixture
def lab(tmp_path) -> Lab:
    return Lab(tmp_path)


def obey(lab: Lab, line: str) -> RunConfig:
    """The configuration that the command makes."""
    words = shlex.split(line)[2:]
    given = dict(zip(words[::2], words[1::2], strict=True)) | {"--set": ""}
    changes = parse_settings([value for name, value in zip(words[::2], words[1::2], strict=True) if name == "--set"])
    changes |= {path: given[option] for path, option in OPTIONS.items() if option in given}
    return lab.configs.draft(given["--model"], given["--data"], given["--preset"], changes)


OPTIONS = {
    "training.images": "--images",
    "training.seed": "--seed",
    "training.threads": "--threads",
    "name": "--name",
}


def test_a_preset_needs_no_more_words(lab):
    config = lab.configs.draft("gan", "mnist-5k", "quick")
    assert command_line(lab, config) == "genlab train --data mnist-5k --model gan --preset quick"


@pytest.mark.parametrize(
    ("model", "changes"),
    [
        ("vae", {"training.seed": 3, "training.threads": 2, "training.images": 5_000, "name": 'it\'s a "name"'}),
        ("gan", {"loss": "hinge", "penalty": "gradient_penalty", "penalty.weight": 5.0, "batch_size": 32}),
        ("gan", {"network": "mlp", "latent_dim": 8, "conditional": True, "critic_lr": 1e-3}),
        ("vae_gan", {"threads": None, "trackers": ["tensorboard"], "device": "cpu"}),
    ],
)
def test_the_command_makes_the_same_run(lab, model, changes):
    config = lab.configs.draft(model, "mnist-5k", "quick", changes)
    line = command_line(lab, config)
    assert obey(lab, line) == config


def test_options_of_the_data_set_are_in_the_command(lab):
    config = lab.configs.draft("vae", "shapes", "quick", {"data.options.count": 2_000})
    again = obey(lab, command_line(lab, config))
    options = registry("datasets").get("shapes").Options
    assert options.model_validate(again.data.options).count == 2_000


def test_only_what_was_changed_is_named(lab):
    base = lab.configs.draft("gan")
    changed = lab.configs.draft("gan", settings={"penalty": "r1"})
    found = differences(base, changed)
    assert found["model.penalty"] == "r1"
    assert set(found) <= {"model.penalty", "model.penalty.weight"}
    assert differences(base, base) == {}


def test_a_run_without_a_preset_can_be_repeated(lab):
    config = RunConfig(model="vae").model_copy(update={"preset": "gone"})
    again = obey(lab, command_line(lab, config))
    assert again.model_copy(update={"preset": "gone"}) == config
