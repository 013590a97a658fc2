"""Registries: one module = one entry, discovered by file name, strict about mistakes. No torch.

A registry is a package whose modules each define one frozen ``SPEC``; the file's stem is the entry's name.
Folders named in ``GENLAB_PLUGINS`` add entries from outside the package: ``FOLDER/losses/mine.py`` becomes the
GAN loss ``mine``, everywhere, with nothing else to change.
"""

from __future__ import annotations

import difflib
import importlib
import os
import pkgutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, SerializeAsAny, model_serializer
from pydantic_core import CoreSchema, core_schema

from genlab.errors import InputError, RegistryError
from genlab.options import NoOptions, Options, parse
from genlab.text import brief, displayable

PACKAGES = {
    "families": "genlab.families",
    "kinds": "genlab.kinds",
    "datasets": "genlab.datasets",
    "networks": "genlab.networks",
    "corruptions": "genlab.corruptions",
    "objectives": "genlab.objectives",
    "losses": "genlab.objectives.losses",
    "penalties": "genlab.objectives.penalties",
    "likelihoods": "genlab.objectives.likelihoods",
    "presets": "genlab.presets",
    "encoders": "genlab.encoders",
    "metrics": "genlab.metrics",
    "claims": "genlab.verdicts.claims",
    "lessons": "genlab.lessons",
    "derivations": "genlab.derivations",
    "tasks": "genlab.tasks",
}
"""Registry kinds and the package that holds each."""

NOT_ENTRIES = {"base", "build", "matched", "carry_out", "inputs", "task_request"}


@dataclass(frozen=True, kw_only=True)
class Spec:
    """What every entry says of itself.

    Attributes:
        title: Name as the field writes it, e.g. ``"Wasserstein"``.
        summary: One line for pickers and tables.
        paper: Where it comes from: authors, title, year; with the equation where there is one.
        Options: Its settings.
        name: The file's stem; set by the registry.
    """

    noun: ClassVar[str] = "entry"

    title: str
    summary: str
    paper: str = ""
    Options: type[Options] = NoOptions
    name: str = field(default="", compare=False)


S = TypeVar("S", bound=Spec)


class Registry(Generic[S]):
    """The entries of one package, loaded on first use.

    Args:
        package: Dotted name of the package, e.g. ``"genlab.objectives.losses"``.
        spec_type: The spec each module must define as ``SPEC``.
        kind: Folder name under a plugin folder; the package's last part by default.
        check: Raises a `RegistryError` for an entry that names something which is not there; such an entry is left out,
            so that one plugin does not stand in the way of all others.
    """

    def __init__(
        self, package: str, spec_type: type[S], kind: str = "", check: Callable[[S], None] = lambda spec: None
    ) -> None:
        self.package = package
        self.spec_type = spec_type
        self.kind = kind or package.rpartition(".")[2]
        self.check = check
        self._entries: dict[str, S] | None = None
        self._refused: dict[str, RegistryError] = {}
        self._lock = threading.RLock()

    def names(self) -> list[str]:
        """All names, sorted."""
        return list(self._load())

    def get(self, name: str) -> S:
        """The entry called ``name``.

        Raises:
            InputError: When there is none; the hint names the closest ones.
            RegistryError: When there is one that was left out.
        """
        entries = self._load()
        if name in self._refused:
            raise self._refused[name]
        if name not in entries:
            close = difflib.get_close_matches(name, entries, n=3, cutoff=0.5) or list(entries)
            noun = self.spec_type.noun
            raise InputError(
                f"There is no {noun} called {name!r}.", f"Try one of: {', '.join(close)}.", kind="unknown_name"
            )
        return entries[name]

    def refused(self) -> list[RegistryError]:
        """Why entries were left out."""
        self._load()
        return list(self._refused.values())

    def __iter__(self) -> Iterator[S]:
        return iter(self._load().values())

    def __contains__(self, name: object) -> bool:
        return name in self._load()

    def __len__(self) -> int:
        return len(self._load())

    def _load(self) -> dict[str, S]:
        with self._lock:
            if self._entries is None:
                found = {name: self._entry(name) for name in self._modules()}
                self._refused = {name: why for name, spec in found.items() if (why := self._objection(spec))}
                self._entries = {name: spec for name, spec in found.items() if name not in self._refused}
            return self._entries

    def _objection(self, spec: S) -> RegistryError | None:
        try:
            self.check(spec)
        except RegistryError as error:
            return error
        return None

    def _modules(self) -> list[str]:
        paths = [str(Path(path)) for path in importlib.import_module(self.package).__path__]
        found: dict[str, str] = {}
        for path in paths:
            for module in pkgutil.iter_modules([path]):
                if module.ispkg or module.name.startswith("_") or module.name in NOT_ENTRIES:
                    continue
                name = module.name.replace("_", "-") if self.kind in DASHED else module.name
                if name in found:
                    raise RegistryError(
                        f"Two files define {self.kind}/{name}: {found[name]} and {path}.", "Rename one."
                    )
                found[name] = path
        return sorted(found)

    def _entry(self, name: str) -> S:
        stem = name.replace("-", "_")
        try:
            module = importlib.import_module(f"{self.package}.{stem}")
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a module of somebody else's may raise anything, SystemExit too
            named = "" if isinstance(error, Exception) and str(error) else type(error).__name__
            why = ": ".join(filter(None, (named, str(error))))
            raise RegistryError(f"{self.kind}/{stem}.py does not import: {why}", "Mend that file.") from error
        spec: Any = getattr(module, "SPEC", None)
        if not isinstance(spec, self.spec_type):
            raise RegistryError(
                f"{self.kind}/{stem}.py defines no SPEC of type {self.spec_type.__name__}.",
                "Each module of a registry defines exactly one.",
            )
        return replace(spec, name=name)


DASHED = {"datasets", "encoders", "lessons", "presets", "tasks"}
"""Registries whose names are written with dashes (``mnist_5k.py`` is ``mnist-5k``)."""


def registry(kind: str) -> Registry[Any]:
    """The registry ``kind``, e.g. ``registry("losses").get("hinge")``."""
    found: Registry[Any] = importlib.import_module(PACKAGES[kind]).REGISTRY
    return found


@dataclass(frozen=True)
class FromRegistry:
    """Makes a field the choice of an entry of a registry: ``loss: Annotated[Choice, FromRegistry("losses")]``.

    Attributes:
        kind: The registry; forms and help read it from the field's metadata.
    """

    kind: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Resolve a name or a flat mapping before the field is validated."""
        return core_schema.no_info_before_validator_function(partial(_resolve, self.kind), handler(source))


class Choice(BaseModel):
    """One registry entry and its options; written as ``{"name": "r1_r2", "weight": 0.1}``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    options: SerializeAsAny[Options] = NoOptions()

    @model_serializer
    def _flat(self) -> dict[str, Any]:
        return {"name": self.name, **self.options.model_dump()}


def _resolve(kind: str, value: object) -> Choice:
    """Turn a name, a flat mapping or a choice into a choice whose options are complete and valid."""
    if isinstance(value, Choice):
        value = value.model_dump()
    if isinstance(value, str):
        value = {"name": value}
    if not isinstance(value, dict) or not isinstance(value.get("name"), str):
        raise InputError(f"{brief(value)} does not name an entry of {kind}.", 'Give a name, or {"name": …, OPTION: …}.')
    spec = registry(kind).get(value["name"])
    given = {key: item for key, item in value.items() if key != "name"}
    return Choice(name=spec.name, options=parse(spec.Options, given, where=spec.name))


def lost_plugins() -> list[str]:
    """A sentence for each folder in ``GENLAB_PLUGINS`` that is none, or holds nothing that could be an entry."""
    kinds = ", ".join(PACKAGES)
    found = []
    for part in filter(None, os.environ.get("GENLAB_PLUGINS", "").split(os.pathsep)):
        folder = Path(part)
        if not folder.is_dir():
            found.append(f"GENLAB_PLUGINS names {displayable(part)!r}, which is not a folder: correct or unset it.")
        elif not any((folder / kind).is_dir() for kind in PACKAGES):
            found.append(f"GENLAB_PLUGINS names {displayable(part)!r}, which holds no folder of entries ({kinds}).")
    return found


def refused_entries() -> list[RegistryError]:
    """Why entries were left out of their registries (see `Registry.refused`)."""
    return [why for kind in PACKAGES for why in registry(kind).refused()]


def plugin_paths(kind: str) -> list[str]:
    """Existing folders ``FOLDER/<kind>`` for each folder in ``GENLAB_PLUGINS``; a package appends them to its path."""
    folders = [Path(part) / kind for part in os.environ.get("GENLAB_PLUGINS", "").split(os.pathsep) if part]
    return [str(folder) for folder in folders if folder.is_dir()]
