"""Configurations of runs: made of presets and settings, fitted to the data, checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from genlab import cores
from genlab.config import DataConfig, RunConfig, change, load_config, merge
from genlab.errors import InputError
from genlab.jobs.sizes import SIZES, Sizes
from genlab.lab.data import DataReader
from genlab.registry import registry
from genlab.space import Space
from genlab.store.workspace import Workspace

if TYPE_CHECKING:
    from genlab.objectives.base import ObjectiveSpec
    from genlab.presets._suited import Suited
    from genlab.presets.base import PresetSpec


class Configs:
    """Configurations for a workspace's data sets; nothing is written.

    Args:
        workspace: Where added data sets are.
        data: What they are.
    """

    def __init__(self, workspace: Workspace, data: DataReader) -> None:
        self._workspace, self._data = workspace, data

    def make(
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

    def draft(
        self,
        model: str = "vae",
        data: str | DataConfig = "mnist-5k",
        preset: str = "quick",
        settings: Mapping[str, Any] | None = None,
    ) -> RunConfig:
        """As `make`, but not yet checked against the data: what a form begins with.

        Raises:
            InputError: When a name is unknown, a value out of range, or the preset is not for that model or data.
        """
        from genlab.presets._suited import as_document
        from genlab.presets.base import preset_document

        info = self._data.describe(data)
        document = preset_document(preset, model, info.kind)
        chosen = {"name": data} if isinstance(data, str) else data.model_dump()
        base = RunConfig(model=model).model_dump()
        whole = merge(merge(base, document), {"data": chosen, "preset": preset})
        settings = settings or {}
        config = change(load_config(whole), settings)
        fitting = as_document(self.suited(config))
        config = change(load_config(merge(whole, fitting)), settings) if fitting else config
        asked = any(key.rpartition(".")[2] == "latent_dim" for key in settings)
        return self._numbered(config) if asked else self.fitted(config)

    def fitted(self, config: RunConfig) -> RunConfig:
        """``config`` with what the data decide: its model's latent space, and numbers in place of names of classes.

        Raises:
            InputError: When there is no class of such a name.
        """
        config = self._numbered(config)
        spec: ObjectiveSpec = registry("objectives").get(config.model.name)
        if spec.latent is None:
            return config
        return config.model_copy(update={"latent_dim": spec.latent(self._data.describe(config.data).shape)})

    def _numbered(self, config: RunConfig) -> RunConfig:
        spec: ObjectiveSpec = registry("objectives").get(config.model.name)
        names = [field for field in spec.named if not getattr(config.model.options, field).isdecimal()]
        if not names:
            return config
        known = list(self._data.describe(config.data).classes or ())
        numbers = {}
        for field in names:
            name = getattr(config.model.options, field)
            if name not in known:
                offered = f"Classes: {', '.join(known)}." if known else "Its items have no classes."
                raise InputError(f"{config.data.name!r} has no class {name!r}.", offered, kind="unknown_name")
            numbers[field] = str(known.index(name))
        options = config.model.options.model_copy(update=numbers)
        return config.model_copy(update={"model": config.model.model_copy(update={"options": options})})

    def suited(self, config: RunConfig) -> list[Suited]:
        """What the size and shape of the data ask of the preset of ``config``: settings, each with its reason.

        `draft` and `make` lay them over the preset; settings that are given go before them.
        """
        from genlab.presets._suited import suited

        if not config.preset:
            return []
        info = self._data.describe(config.data)
        return suited(config.preset, config.model.name, info.kind, info.shape, info.train)

    def proposed(self, model: str, data: str | DataConfig) -> list[tuple[PresetSpec, str]]:
        """Presets that number and shape of the data speak for, each with the reason; their content is not looked at.

        Args:
            model: What is to be trained.
            data: On what.

        Raises:
            InputError: When there is no such data set.
        """
        info, every = self._data.describe(data), registry("presets")
        found = [(spec, spec.proposed(info.shape, info.train)) for spec in every if model in spec.models(info.kind)]
        return [(spec, why) for spec, why in found if why]

    def settled(self, config: RunConfig) -> RunConfig:
        """``config`` as a run keeps it: whatever says "as it suits" replaced by what that is here and now."""
        from genlab.datasets.store import settled

        data = settled(config.data, self._workspace.datasets, self._workspace.source)
        threads = config.training.threads or cores.per_run()
        training = config.training.model_copy(update={"threads": threads})
        return config.model_copy(update={"data": data, "training": training})

    def check(self, config: RunConfig) -> None:
        """Refuse what cannot be trained, before anything is written.

        Raises:
            InputError: With the reason and what to change.
        """
        from genlab.jobs.checks import check

        check(config, self._data.describe(config.data))

    def sizes(self, config: RunConfig) -> Sizes | None:
        """Parameters of each part, or None while they are being counted (in another process): ask again soon."""
        info = self._data.describe(config.data)
        classes = len(info.classes or ()) if config.conditional else 0
        return SIZES.look(config, Space(info.kind, info.shape, classes))
