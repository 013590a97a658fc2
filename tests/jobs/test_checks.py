"""What cannot be trained is refused with the reason and the next step."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from genlab.config import RunConfig, change
from genlab.datasets.base import Source
from genlab.datasets.store import DatasetInfo, describe
from genlab.errors import InputError
from genlab.jobs.checks import check


@pytest.fixture
def digits(tmp_path: Path) -> DatasetInfo:
    return describe("digits", tmp_path, Source(None, tmp_path))


@pytest.fixture
def ring(tmp_path: Path) -> DatasetInfo:
    return describe("ring", tmp_path, Source(None, tmp_path))


def test_the_defaults_pass(digits: DatasetInfo):
    for model in ("vae", "gan", "vae_gan", "soft_intro_vae"):
        check(RunConfig(model=model), digits)


@pytest.mark.parametrize(
    ("model", "settings", "reason"),
    [
        ("vae", {"batch_size": 4096}, "larger than the"),
        ("vae", {"data.limit": 32}, "larger than the 32 training items"),
        ("gan", {"pack": 5}, "cannot be cut into packs of 5"),
        ("restorer", {"latent_dim": 64, "corruption": "none"}, "nothing to restore"),
        ("restorer", {"latent_dim": 64, "corruption": "grey"}, "no colour to lose"),
        ("restorer", {"latent_dim": 64, "augment": "diffaugment"}, "sees pairs"),
    ],
)
def test_refusals_for_images(digits: DatasetInfo, model: str, settings: dict[str, object], reason: str):
    with pytest.raises(InputError, match=reason) as caught:
        check(change(RunConfig(model=model), settings), digits)
    assert caught.value.hint and caught.value.kind == "bad_value"


@pytest.mark.parametrize(
    ("settings", "reason", "offered"),
    [
        ({"network": "conv"}, "network 'conv' is not for points", "mlp"),
        ({"network": "mlp", "likelihood": "bernoulli"}, "likelihood 'bernoulli' is not for points", "gaussian"),
    ],
)
def test_refusals_for_points_name_what_fits(ring: DatasetInfo, settings: dict[str, object], reason: str, offered: str):
    with pytest.raises(InputError, match=reason) as caught:
        check(change(RunConfig(model="vae"), settings), ring)
    assert offered in caught.value.hint


def test_a_model_cannot_be_told_classes_that_are_not_there(digits: DatasetInfo):
    from dataclasses import replace

    with pytest.raises(InputError, match="has no classes"):
        check(change(RunConfig(model="vae"), {"conditional": True}), replace(digits, classes=None))


def test_data_without_a_test_part_are_refused_before_anything_is_written(digits: DatasetInfo):
    with pytest.raises(InputError, match="'digits' has no test part") as caught:
        check(RunConfig(model="vae"), replace(digits, train=digits.count, test=0))
    assert "Set data.split_seed to 1" in caught.value.hint
