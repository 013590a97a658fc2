"""The decoded data sets of a workspace: made once, memory-mapped ever after, told apart by what decides their content.

A store is a folder ``<name>-<hash>`` with ``meta.json``, ``items.npy`` (training items, then test items),
``labels.npy``, ``factors.npz`` and ``split.npz`` (the original index of each stored item). Added data sets are the same
files in ``added/<name>``. A folder appears in one step when it is complete.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab import kinds
from genlab.config import DataConfig
from genlab.datasets import REGISTRY
from genlab.datasets.base import DatasetInfo, DatasetSpec, Progress, Raw, RawData, Source
from genlab.datasets.store._build import as_written, locked, save
from genlab.datasets.store._classes import chosen, described, path_of, prepare_classes
from genlab.datasets.store._opened import Dataset, Split, as_taken, open_store, read_meta, require_meta
from genlab.datasets.store._split import held_out
from genlab.datasets.store._writer import VERSION, StorePlan
from genlab.errors import InputError
from genlab.kinds.base import Fitting
from genlab.options import NoOptions, Options, parse
from genlab.store.reading import Found, find, folders_in

__all__ = [
    "Dataset",
    "DatasetInfo",
    "Split",
    "added_folders",
    "added_names",
    "check_options",
    "chosen",
    "describe",
    "find_datasets",
    "prepare",
]


def prepare(config: DataConfig, datasets_dir: Path, source: Source, progress: Progress | None = None) -> Dataset:
    """Open a data set, decoding it into the workspace when it is not there yet.

    An added data set keeps the split it was added with unless ``split_seed`` asks for another than 0.

    Args:
        config: Which one, and how.
        datasets_dir: The workspace's folder of data sets.
        source: Where its files may be.
        progress: Called with a share from 0 to 1 and what is being done.

    Raises:
        InputError: When the name or an option is unknown, its files cannot be had (``"data_unavailable"``), or the
            workspace cannot be written to (``"read_only"``).
        GenlabError: When the disk is full (``"disk_full"``).
    """
    report = progress or (lambda share, what: None)
    check_options(config, datasets_dir)
    path = _prepare_whole(config, datasets_dir, source, report)
    whole = open_store(path)
    if numbers := chosen(config, whole.info.classes):
        path = prepare_classes(whole, numbers, datasets_dir, report)
    return open_store(path, config)


def decoded(config: DataConfig, datasets_dir: Path, source: Source) -> Dataset | None:
    """A data set that has been decoded into the workspace; None for one that has not: nothing is decoded or downloaded.

    Raises:
        InputError: When the name or an option is unknown, or what is there is damaged.
    """
    path = _path_of_whole(config, datasets_dir, source)
    if config.classes and read_meta(path) is not None:
        whole = open_store(path)
        if numbers := chosen(config, whole.info.classes):
            path = path_of(whole, numbers, datasets_dir)
    return None if read_meta(path) is None else open_store(path, config)


def describe(config: DataConfig | str, datasets_dir: Path, source: Source) -> DatasetInfo:
    """What a data set is, without decoding it.

    Raises:
        InputError: When the name or an option is unknown.
    """
    config = DataConfig(name=config) if isinstance(config, str) else config
    options = check_options(config, datasets_dir)
    if config.name in REGISTRY:
        spec = REGISTRY.get(config.name)
        options = spec.resolve(source, options)
        meta = read_meta(_path(datasets_dir, config.name, _recipe(spec, config, options)))
        info = _built_in_info(spec, options) if meta is None else DatasetInfo.from_json(meta["info"])
        why = spec.available(source) if meta is None else None
        info = replace(info, available=why is None, why=why)
    else:
        own = require_meta(datasets_dir / "added" / config.name)
        info = replace(DatasetInfo.from_json(own["info"]), name=config.name)
        meta = own
        if _differs(config, own):
            recipe = _derived_recipe(config, own)
            meta = read_meta(_path(datasets_dir, config.name, recipe))
            if meta is not None:
                info = DatasetInfo.from_json(meta["info"])
            elif recipe["split_seed"] != own["split_seed"]:
                info = replace(_split_anew(info, datasets_dir, own["test_share"]), fingerprint=None)
            else:
                info = replace(info, fingerprint=None)
    if meta is None:
        info = replace(info, shape=_shape(info.kind, info.shape, config))
    if numbers := chosen(config, info.classes):
        info = described(info, numbers, _path_of_whole(config, datasets_dir, source), datasets_dir)
    return as_taken(info, config)


def settled(config: DataConfig, datasets_dir: Path, source: Source) -> DataConfig:
    """``config`` with all the data set's own options as they take effect here, so that it means the same elsewhere."""
    options = check_options(config, datasets_dir)
    if config.name in REGISTRY:
        options = REGISTRY.get(config.name).resolve(source, options)
    return config.model_copy(update={"options": options.model_dump(mode="json")})


def find_datasets(datasets_dir: Path, source: Source) -> Found[DatasetInfo]:
    """The built-in data sets, then those added to the workspace, each by name; and those that are damaged."""
    added = find("data set", sorted(added_folders(datasets_dir)), lambda path: _described(path, datasets_dir, source))
    return Found([*(describe(name, datasets_dir, source) for name in REGISTRY.names()), *added.good], added.damaged)


def _described(path: Path, datasets_dir: Path, source: Source) -> DatasetInfo:
    require_meta(path)
    return describe(path.name, datasets_dir, source)


def added_names(datasets_dir: Path) -> list[str]:
    """Names of the data sets added to the workspace that can be read."""
    return sorted(path.name for path in added_folders(datasets_dir) if read_meta(path) is not None)


def check_options(config: DataConfig, datasets_dir: Path | None = None) -> Options:
    """The data set's own options, complete and valid.

    Args:
        config: Which data set, and its options.
        datasets_dir: Where added data sets are; without it only the built-in ones are known.

    Raises:
        InputError: When the data set, a class or an option is unknown, or points are asked for a size or channels.
    """
    if config.name in REGISTRY:
        spec = REGISTRY.get(config.name)
        kind = kinds.get(spec.kind)
        if kind.resized is None and (config.size is not None or config.channels is not None):
            raise InputError(
                f"{config.name} holds {kind.holding}, which have no size and no channels.",
                "Leave size and channels empty.",
                kind="bad_value",
            )
        chosen(config, spec.class_names)
        return parse(spec.Options, config.options, where=config.name)
    added = [] if datasets_dir is None else added_names(datasets_dir)
    if config.name not in added:
        if datasets_dir is not None and config.name in {path.name for path in added_folders(datasets_dir)}:
            require_meta(datasets_dir / "added" / config.name)
        names = [*REGISTRY.names(), *added]
        close = difflib.get_close_matches(config.name, names, n=3, cutoff=0.5) or names
        raise InputError(
            f"There is no data set called {config.name!r}.", f"Try one of: {', '.join(close)}.", kind="unknown_name"
        )
    if datasets_dir is not None:
        chosen(config, DatasetInfo.from_json(require_meta(datasets_dir / "added" / config.name)["info"]).classes)
    return parse(NoOptions, config.options, where=config.name)


def _path_of_whole(config: DataConfig, datasets_dir: Path, source: Source) -> Path:
    """Where the data set with all its classes is stored, or would be."""
    options = check_options(config, datasets_dir)
    if config.name in REGISTRY:
        spec = REGISTRY.get(config.name)
        return _path(datasets_dir, config.name, _recipe(spec, config, spec.resolve(source, options)))
    path = datasets_dir / "added" / config.name
    own = require_meta(path)
    return _path(datasets_dir, config.name, _derived_recipe(config, own)) if _differs(config, own) else path


def _prepare_whole(config: DataConfig, datasets_dir: Path, source: Source, report: Progress) -> Path:
    if config.name in REGISTRY:
        return _prepare_built_in(config, datasets_dir, source, report)
    return _prepare_added(config, datasets_dir, report)


def _prepare_built_in(config: DataConfig, datasets_dir: Path, source: Source, report: Progress) -> Path:
    spec = REGISTRY.get(config.name)
    options = spec.resolve(source, check_options(config))
    recipe = _recipe(spec, config, options)
    path = _path(datasets_dir, config.name, recipe)
    if read_meta(path) is None:
        with locked(datasets_dir, path.name, report):
            if read_meta(path) is None:
                expected = _built_in_info(spec, options)
                fitting = _fitting(spec.kind, expected.shape, config)
                plan = StorePlan(spec.kind, fitting, recipe["split_seed"], total=expected.count)
                save(path, spec.load(source, options), plan, lambda w: as_written(expected, w), recipe, report)
    return path


def _prepare_added(config: DataConfig, datasets_dir: Path, report: Progress) -> Path:
    own = require_meta(datasets_dir / "added" / config.name)
    original = datasets_dir / "added" / config.name
    if not _differs(config, own):
        return original
    recipe = _derived_recipe(config, own)
    path = _path(datasets_dir, config.name, recipe)
    if read_meta(path) is None:
        with locked(datasets_dir, path.name, report):
            if read_meta(path) is None:
                resplit = recipe["split_seed"] != own["split_seed"]
                info = DatasetInfo.from_json(own["info"])
                raw = _stored_raw(open_store(original), resplit, own["test_share"])
                plan = StorePlan(
                    info.kind,
                    _fitting(info.kind, info.shape, config),
                    recipe["split_seed"],
                    keep_order=not resplit,
                    total=info.count,
                )
                save(path, raw, plan, lambda written: as_written(info, written), recipe, report)
    return path


def _stored_raw(dataset: Dataset, resplit: bool, test_share: float) -> RawData:
    """What is stored, as raw data: in its parts, or in the order it came in, to be split again."""
    train, test = (dataset.items(part) for part in ("train", "test"))
    items: list[NDArray[Any]] = [train, test]
    labels = [dataset.labels("train"), dataset.labels("test")]
    if resplit:
        back = np.argsort(np.concatenate([dataset.origin("train"), dataset.origin("test")]), kind="stable")
        both = dataset.stored_items()
        all_labels = None if labels[0] is None or labels[1] is None else np.concatenate([labels[0], labels[1]])
        every = _chunks(dataset, both, all_labels, back)
        return RawData(every, class_names=dataset.info.classes, test_share=test_share, scale=dataset.scale)
    parts = [_chunks(dataset, i, ls, np.arange(len(i))) for i, ls in zip(items, labels, strict=True)]
    return RawData(parts[0], parts[1], dataset.info.classes, test_share, dataset.scale)


def _chunks(
    dataset: Dataset, items: NDArray[Any], labels: NDArray[np.int64] | None, order: NDArray[np.int64]
) -> Iterator[Raw]:
    given = kinds.get(dataset.info.kind).given
    for start in range(0, len(order), 1024):
        index = order[start : start + 1024]
        yield Raw(given(items[index]), None if labels is None else labels[index])


def _split_anew(info: DatasetInfo, datasets_dir: Path, test_share: float) -> DatasetInfo:
    """``info`` with the counts that splitting an added data set by another seed will give."""
    dataset = open_store(datasets_dir / "added" / info.name)
    parts = [labels for part in ("train", "test") if (labels := dataset.labels(part)) is not None]
    sizes = np.bincount(np.concatenate(parts)) if parts else np.array([info.count])
    test, _ = held_out(sizes, test_share)
    return replace(info, train=info.count - test, test=test)


def _recipe(spec: DatasetSpec, config: DataConfig, options: Options) -> dict[str, Any]:
    """Everything that decides the content of a built-in store; settings that change nothing are left out."""
    shape = _shape(spec.kind, spec.extent_for(options).shape, config)
    sized = kinds.get(spec.kind).resized is not None
    own_split = spec.test is not None
    return {
        "name": config.name,
        "options": options.model_dump(mode="json"),
        "size": _size(shape) if sized else None,
        "channels": shape[0] if sized else None,
        "fit": config.fit if sized else None,
        "split_seed": 0 if own_split else config.split_seed,
    }


def _derived_recipe(config: DataConfig, own: Mapping[str, Any]) -> dict[str, Any]:
    shape = _shape(own["info"]["kind"], tuple(own["info"]["shape"]), config)
    return {
        "name": config.name,
        "from": own["info"]["fingerprint"],
        "size": _size(shape),
        "channels": shape[0],
        "split_seed": config.split_seed or own["split_seed"],
    }


def _differs(config: DataConfig, own: Mapping[str, Any]) -> bool:
    shape = tuple(own["info"]["shape"])
    return _shape(own["info"]["kind"], shape, config) != shape or config.split_seed not in {0, own["split_seed"]}


def _shape(kind: str, shape: tuple[int, ...], config: DataConfig) -> tuple[int, ...]:
    """The shape that items of ``shape`` are stored in.

    Raises:
        InputError: When items of that kind cannot be so large or small.
    """
    spec = kinds.get(kind)
    if spec.resized is None or (config.size is None and config.channels is None):
        return shape
    found = spec.resized(shape, config.size, config.channels)
    spec.check(found)
    return found


def _fitting(kind: str, shape: tuple[int, ...], config: DataConfig) -> Fitting:
    """What makes items that are to be stored in ``shape`` alike."""
    if kinds.get(kind).resized is None:
        return Fitting()
    *_, height, width = _shape(kind, shape, config)
    return Fitting((height, width), config.channels, config.fit)


def _size(shape: tuple[int, ...]) -> int | list[int]:
    """The size of images of ``shape`` as it stands in a recipe: the side of square ones."""
    sides = list(shape[1:])
    return sides[0] if len(set(sides)) == 1 else sides


def _path(datasets_dir: Path, name: str, recipe: Mapping[str, Any]) -> Path:
    key = json.dumps([VERSION, recipe], sort_keys=True).encode()
    return datasets_dir / f"{name}-{hashlib.sha256(key).hexdigest()[:8]}"


def added_folders(datasets_dir: Path) -> list[Path]:
    """Folders of the data sets added to the workspace, damaged or not."""
    return [path for path in folders_in(datasets_dir / "added") if path.is_dir()]


def _built_in_info(spec: DatasetSpec, options: Options) -> DatasetInfo:
    extent = spec.extent_for(options)
    kinds.get(spec.kind).check(extent.shape)
    return DatasetInfo(
        name=spec.name,
        title=spec.title,
        kind=spec.kind,
        shape=extent.shape,
        count=extent.train + extent.test,
        train=extent.train,
        test=extent.test,
        classes=extent.classes or spec.class_names,
        licence=spec.licence,
        summary=spec.summary,
        symbols=extent.symbols,
        about=spec.about,
    )
