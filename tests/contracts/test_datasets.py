"""What every data set promises, for each entry of the registry (and those of plugins)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from genlab import kinds
from genlab.config import DataConfig
from genlab.datasets import REGISTRY
from genlab.datasets.base import DatasetSpec, Source
from genlab.datasets.store import Dataset, check_options, describe, prepare
from genlab.kinds.base import as_public

SMALL = {"count": 1_000}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    root = os.environ.get("GENLAB_DATA")
    return Source(Path(root).absolute() if root else None, tmp_path_factory.mktemp("downloads"))


def configured(name: str, **settings: Any) -> DataConfig:
    options = SMALL if "count" in REGISTRY.get(name).Options.model_fields else {}
    return DataConfig(name=name, options={**options, **settings})


@pytest.fixture(scope="module", params=list(REGISTRY), ids=lambda spec: spec.name)
def spec(request: pytest.FixtureRequest) -> DatasetSpec:
    return request.param


@pytest.fixture(scope="module")
def opened(spec: DatasetSpec, source: Source, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    why = spec.available(source)
    if why:
        pytest.skip(why)
    return prepare(configured(spec.name), tmp_path_factory.mktemp("stores"), source)


def test_it_says_what_it_is(spec: DatasetSpec) -> None:
    assert spec.title
    assert spec.summary
    assert spec.licence
    assert len(spec.shape) == kinds.get(spec.kind).axes
    assert (spec.class_names is None) or len(set(spec.class_names)) == len(spec.class_names)
    extent = spec.extent_for(spec.Options())
    assert (extent.shape, extent.train + extent.test) == (spec.shape, spec.count)
    for option, field in spec.Options.model_fields.items():
        assert field.description, option


def test_it_is_described_before_it_is_decoded_as_it_is_afterwards(
    opened: Dataset, spec: DatasetSpec, source: Source, tmp_path: Path
) -> None:
    before = describe(configured(spec.name), tmp_path, source)
    after = opened.info
    assert not list(tmp_path.iterdir())
    assert before.fingerprint is None
    assert {**before.as_json(), "fingerprint": after.fingerprint} == after.as_json()
    assert describe(configured(spec.name), opened.path.parent, source) == after


@pytest.mark.parametrize("split", ["train", "test"])
def test_items_have_the_promised_shape_type_and_range(opened: Dataset, spec: DatasetSpec, split: Any) -> None:
    items = opened.items(split)
    assert items.shape == (getattr(opened.info, split), *opened.info.shape)
    assert len(items) >= 16
    assert items.dtype == kinds.get(spec.kind).dtype
    assert np.isfinite(items).all()
    if kinds.get(spec.kind).bounds is not None:
        bottom, top = kinds.get(spec.kind).bounds
        public = as_public(np.array(items[:200]))
        assert public.max() > bottom + 0.75 * (top - bottom)
        assert public.min() < bottom + 0.2 * (top - bottom)
        assert public.std(axis=0).max() > 0.08 * (top - bottom)
    else:
        spread = float(np.sqrt(np.mean((items / opened.scale).astype(float) ** 2)))
        assert 0.8 < spread < 1.25, "networks see points divided by the scale, so they should be about of size one"


@pytest.mark.parametrize("split", ["train", "test"])
def test_labels_and_factors_go_with_the_items(opened: Dataset, split: Any) -> None:
    labels = opened.labels(split)
    classes = opened.info.classes
    assert (labels is None) == (classes is None)
    if labels is not None and classes is not None:
        assert labels.dtype == np.int64
        assert len(labels) == getattr(opened.info, split)
        assert labels.min() >= 0
        assert labels.max() < len(classes)
        if len(classes) <= 25:
            assert set(labels) == set(range(len(classes)))
    for name, values in opened.factors(split).items():
        assert values.dtype == np.float32, name
        assert values.shape == (getattr(opened.info, split),), name
        assert values.std() > 0, name


def test_it_is_the_same_every_time(opened: Dataset, spec: DatasetSpec, source: Source, tmp_path: Path) -> None:
    again = prepare(configured(spec.name), tmp_path, source)
    assert again.fingerprint == opened.fingerprint
    np.testing.assert_array_equal(again.items("test")[:50], opened.items("test")[:50])
    if "seed" in spec.Options.model_fields:
        assert prepare(configured(spec.name, seed=1), tmp_path, source).fingerprint != opened.fingerprint


def test_nothing_is_in_both_parts(opened: Dataset) -> None:
    origin = np.concatenate([opened.origin("train"), opened.origin("test")])
    np.testing.assert_array_equal(np.sort(origin), np.arange(opened.info.count))


@pytest.mark.parametrize(
    "spec", [spec for spec in REGISTRY if spec.class_names], ids=lambda spec: spec.name, indirect=True
)
def test_any_beginning_of_the_training_part_is_a_fair_sample(opened: Dataset) -> None:
    labels = opened.labels("train")
    assert labels is not None
    assert opened.info.classes is not None
    classes = len(opened.info.classes)
    part = len(labels) // 4
    expected = np.bincount(labels, minlength=classes) * part / len(labels)
    assert np.abs(np.bincount(labels[:part], minlength=classes) - expected).max() <= 1.5


@pytest.mark.parametrize("spec", [spec for spec in REGISTRY if spec.mixture], ids=lambda spec: spec.name, indirect=True)
def test_known_modes_are_where_the_points_are(opened: Dataset, spec: DatasetSpec) -> None:
    assert spec.mixture is not None
    mixture = spec.mixture(check_options(configured(spec.name)))
    labels = opened.labels("train")
    assert labels is not None
    away = opened.items("train") - mixture.means[labels]
    assert np.abs(away).max() < 6 * mixture.sd
    assert away.std() == pytest.approx(mixture.sd, rel=0.1)


def test_naming_data_sets_loads_no_torch() -> None:
    code = (
        "import sys; from genlab.datasets import REGISTRY, store; from genlab.datasets.foreign import importer;"
        "list(REGISTRY);"
        "heavy = {'torch', 'torchvision', 'sklearn', 'mlxtend'} & set(sys.modules); assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
