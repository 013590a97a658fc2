"""What comes before a run: configurations are completed or refused before anything is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.errors import InputError
from genlab.lab import Lab


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path / "workspace")


def test_configuring_takes_defaults_then_preset_then_settings(lab: Lab):
    config = lab.configs.make("gan", "digits", "quick", {"loss": "hinge", "seed": 3})
    assert config.model.name == "gan" and config.data.name == "digits" and config.preset == "quick"
    assert config.model.options.loss.name == "hinge"
    assert config.training.seed == 3


REFUSED = [
    ({"model": "diffusion"}, "no model called 'diffusion'"),
    ({"data": "imagenet"}, "no data set called 'imagenet'"),
    ({"preset": "perfect"}, "no preset called 'perfect'"),
    ({"settings": {"latent_dim": 0}}, "latent_dim"),
    ({"settings": {"batch_size": 5000}}, "larger than the"),
    ({"settings": {"loss": "hing"}, "model": "gan"}, "no GAN loss called 'hing'"),
    ({"settings": {"pack": 3}, "model": "gan"}, "packs of 3"),
    ({"settings": {"network": "conv"}, "data": "ring"}, "not for points"),
    ({"settings": {"likelihood": "bernoulli"}, "data": "ring"}, "not for points"),
    ({"settings": {"conditional": True, "size": 4}}, "size"),
]


@pytest.mark.parametrize(("arguments", "reason"), REFUSED)
def test_what_cannot_be_trained_is_refused_with_nothing_written(lab: Lab, arguments: dict[str, object], reason: str):
    with pytest.raises(InputError) as caught:
        lab.configs.make(**arguments)  # type: ignore[arg-type]
    assert reason in caught.value.message
    assert caught.value.hint
    assert not lab.workspace.path.exists()


def test_classes_are_named_and_kept_by_number(lab: Lab):
    def classes(**settings: object) -> tuple[str, str]:
        config = lab.configs.make("cycle_gan", "moons", "quick", settings)
        assert config.conditional and config.latent_dim == 2
        return config.model.options.from_class, config.model.options.to_class

    assert classes() == ("0", "1")
    assert classes(from_class="moon 2", to_class="moon 1", latent_dim=2) == ("1", "0")
    assert classes(from_class="1", to_class="moon 1") == ("1", "0")
    with pytest.raises(InputError, match="'moons' has no class 'sun'") as caught:
        classes(to_class="sun")
    assert "moon 1" in caught.value.hint
    with pytest.raises(InputError, match="has to be told which item is of which"):
        classes(conditional=False)
