"""What comes before a run: the workspace, its data sets, and configurations."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genlab import cores
from genlab.config import DataConfig, RunConfig, change, load_config, merge
from genlab.jobs.launcher import Launcher, default_launcher
from genlab.jobs.sizes import SIZES, Sizes
from genlab.lab.changes import changes, looks
from genlab.registry import registry
from genlab.space import Space
from genlab.store.reading import Found
from genlab.store.workspace import Workspace

if TYPE_CHECKING:
    from genlab.datasets.store import Dataset, DatasetInfo
    from genlab.objectives.base import ObjectiveSpec
    from genlab.presets._suited import Suited

Progress = Callable[[float, str], None]


class Preparing:
    """A workspace's data sets and the configurations that can be made for them.

    Args:
        workspace: Its folder; by default ``GENLAB_WORKSPACE`` or the user's data folder. Made when first written to.
        launcher: How workers are started; by default each in a process of its own.
    """

    def __init__(self, workspace: str | os.PathLike[str] | None = None, launcher: Launcher | None = None) -> None:
        self.workspace = Workspace.open(workspace)
        self.launcher = launcher or default_launcher()

    @looks
    def datasets(self) -> list[DatasetInfo]:
        """All data sets that can be read, built-in and added."""
        return self.found_datasets().good

    @looks
    def found_datasets(self) -> Found[DatasetInfo]:
        """As `datasets`, and those that are damaged or of another version of genlab."""
        from genlab.datasets.store import find_datasets

        return find_datasets(self.workspace.datasets, self.workspace.source)

    @looks
    def describe(self, data: str | DataConfig) -> DatasetInfo:
        """What a data set is, without decoding it.

        Raises:
            InputError: When there is no data set of that name, or an option of it is unknown.
        """
        from genlab.datasets.store import describe

        config = DataConfig(name=data) if isinstance(data, str) else data
        return describe(config, self.workspace.datasets, self.workspace.source)

    @changes
    def dataset(self, data: str | DataConfig, progress: Progress | None = None) -> Dataset:
        """A data set, decoded into the workspace on first use and memory-mapped."""
        from genlab.datasets.store import prepare

        config = DataConfig(name=data) if isinstance(data, str) else data
        self.workspace.create()
        return prepare(config, self.workspace.datasets, self.workspace.source, progress)

    @changes
    def add_dataset(self, path: str | os.PathLike[str], name: str, **options: Any) -> DatasetInfo:
        """Import a folder, zip or npz as data set ``name``; options as in `genlab.datasets.importer.add`."""
        from genlab.datasets.importer import add

        self.workspace.create()
        return add(Path(path).expanduser(), name, self.workspace.datasets, **options)

    @changes
    def remove_dataset(self, name: str) -> None:
        """Delete a data set that was added. Runs trained on it stay."""
        from genlab.datasets.importer import remove

        remove(name, self.workspace.datasets)

    @looks
    def configure(
        self,
        model: str = "vae",
        data: str | DataConfig = "mnist-5k",
        preset: str = "quick",
        settings: Mapping[str, Any] | None = None,
    ) -> RunConfig:
        """A complete configuration: defaults, then the preset, then ``settings`` (paths or their ends).

        Raises:
            InputError: When a name is unknown, a value out of range, or the preset is not for that model or data.
        """
        config = self.draft(model, data, preset, settings)
        self.check(config)
        return config

    @looks
    def draft(
        self,
        model: str = "vae",
        data: str | DataConfig = "mnist-5k",
        preset: str = "quick",
        settings: Mapping[str, Any] | None = None,
    ) -> RunConfig:
        """As `configure`, but not yet checked against the data: what a form begins with.

        Raises:
            InputError: When a name is unknown, a value out of range, or the preset is not for that model or data.
        """
        from genlab.presets._suited import as_document
        from genlab.presets.base import preset_document

        info = self.describe(data)
        document = preset_document(preset, model, info.kind)
        chosen = {"name": data} if isinstance(data, str) else data.model_dump()
        base = RunConfig(model=model).model_dump()
        whole = merge(merge(base, document), {"data": chosen, "preset": preset})
        settings = settings or {}
        config = change(load_config(whole), settings)
        fitting = as_document(self.suited(config))
        config = change(load_config(merge(whole, fitting)), settings) if fitting else config
        asked = any(key.rpartition(".")[2] == "latent_dim" for key in settings)
        return config if asked else self.fitted(config)

    @looks
    def fitted(self, config: RunConfig) -> RunConfig:
        """``config`` with the latent space that the data give it, where its model leaves no choice of its size."""
        spec: ObjectiveSpec = registry("objectives").get(config.model.name)
        if spec.latent is None:
            return config
        return config.model_copy(update={"latent_dim": spec.latent(self.describe(config.data).shape)})

    @looks
    def suited(self, config: RunConfig) -> list[Suited]:
        """What the size and shape of the data ask of the preset of ``config``: settings, each with its reason.

        `draft` and `configure` lay them over the preset; settings that are given go before them.
        """
        from genlab.presets._suited import suited

        if not config.preset:
            return []
        info = self.describe(config.data)
        return suited(config.preset, config.model.name, info.kind, info.shape, info.train)

    @looks
    def settled(self, config: RunConfig) -> RunConfig:
        """``config`` as a run keeps it: whatever says "as it suits" replaced by what that is here and now."""
        from genlab.datasets.store import settled

        data = settled(config.data, self.workspace.datasets, self.workspace.source)
        threads = config.training.threads or cores.per_run()
        training = config.training.model_copy(update={"threads": threads})
        return config.model_copy(update={"data": data, "training": training})

    @looks
    def check(self, config: RunConfig) -> None:
        """Refuse what cannot be trained, before anything is written.

        Raises:
            InputError: With the reason and what to change.
        """
        from genlab.jobs.checks import check

        check(config, self.describe(config.data))

    @looks
    def sizes(self, config: RunConfig) -> Sizes | None:
        """Parameters of each part, or None while they are being counted (in another process): ask again soon."""
        info = self.describe(config.data)
        classes = len(info.classes or ()) if config.conditional else 0
        return SIZES.look(config, Space(info.kind, info.shape, classes))
