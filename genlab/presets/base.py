"""What a preset is: settings laid over the defaults, for one or more objectives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from genlab import kinds
from genlab.config import RunConfig, merge
from genlab.errors import InputError
from genlab.registry import Spec, registry


@dataclass(frozen=True, kw_only=True)
class PresetSpec(Spec):
    """A named configuration.

    Attributes:
        settings: Kind of data -> model -> settings, a nested document laid over the defaults. A kind that is not among
            them brings its own (`KindSpec.presets`) or takes those of the kind that it is like.
        others: Kind of data -> settings for a model that is not named, under those that the model itself says suit it.
        teaches: What a teaching preset shows, in one sentence; empty for the ordinary ones.
        beside: What a contender is that stands beside its family's usual model in a match, a clause; empty for the
            ordinary ones. Such a preset is for the models that it names.
        chosen_on: Data set -> which of its items its settings were chosen by: ``"test"``, the held-out ones, so that
            what is reported on them favours the preset, or ``"validation"``, training items that were set aside.
        exactly: Whether it is for the kinds that it names alone, not for those that are like one of them.
        adapts: Whether few or colourful images get the settings that suit them (`genlab.presets._suited`).
        proposed: ``proposed(shape, train) -> sentence`` why it suits so many training items of that shape better than
            the usual presets, or "".
    """

    noun: ClassVar[str] = "preset"

    settings: Mapping[str, Mapping[str, Mapping[str, Any]]]
    others: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    teaches: str = ""
    beside: str = ""
    chosen_on: Mapping[str, Literal["test", "validation"]] = field(default_factory=dict)
    exactly: bool = False
    adapts: bool = False
    proposed: Callable[[tuple[int, ...], int], str] = lambda shape, train: ""

    def models(self, kind: str) -> Mapping[str, Mapping[str, Any]]:
        """Model -> settings for data of ``kind``; empty where the preset is not for such data."""
        spec = kinds.get(kind)
        own = spec.presets.get(self.name) or self.settings.get(kind)
        return own or (self.models(spec.like) if spec.like and not self.exactly else {})

    def rest(self, kind: str) -> Mapping[str, Any]:
        """Settings for data of ``kind`` and a model that is not among `models`."""
        like = kinds.get(kind).like
        return self.others.get(kind) or (self.rest(like) if like and not self.exactly else {})

    def suits(self, model: str, kind: str) -> bool:
        """Whether it is for ``model`` on data of ``kind``: one it names; any, unless it is about a few only."""
        named = self.models(kind)
        return model in named or (bool(named) and not (self.teaches or self.beside))


def chosen_words(preset: str, data: str) -> str:
    """One sentence where a preset's settings were chosen on the data that something is reported on; or empty.

    Args:
        preset: The preset; one that is not there today says nothing.
        data: Name of the data set.
    """
    spec = registry("presets").get(preset) if preset in registry("presets") else None
    part = "" if spec is None else spec.chosen_on.get(data, "")
    if not part:
        return ""
    if part == "validation":
        return f"The preset {preset} was chosen on {data}, by training items that were set aside, not by held-out ones."
    return (
        f"The preset {preset} was chosen on {data} itself, by its held-out items: what is reported on them here "
        "flatters the models whose settings gained by it."
    )


def preset_document(preset: str, model: str, kind: str) -> dict[str, Any]:
    """The preset's settings for ``model`` on data of ``kind``, a nested document; without a preset the model's own.

    A network or likelihood that is not for such data gives way to the kind's own.

    Raises:
        InputError: When there is no such preset or model, or the preset is not for it.
    """
    objective = registry("objectives").get(model)
    if not preset:
        return _suiting(merge({"model": {"name": model}}, objective.settings), kind)
    spec: PresetSpec = registry("presets").get(preset)
    if not spec.suits(model, kind):
        others = [p.name for p in registry("presets") if p.suits(model, kind)]
        raise InputError(
            f"The preset {preset!r} is not for the model {model!r} on {kinds.get(kind).many}.",
            f"Presets for it: {', '.join(others) or 'none'}.",
            kind="bad_value",
        )
    named = spec.models(kind)
    settings = dict(named[model] if model in named else merge(spec.rest(kind), objective.settings))
    chosen = settings.pop("model", {})
    return _suiting({**settings, "model": {"name": model, **chosen}}, kind)


def _suiting(document: dict[str, Any], kind: str) -> dict[str, Any]:
    """The document with a network and a likelihood that data of ``kind`` can be given to."""
    spec, model = kinds.get(kind), dict(document["model"])
    network = document.get("network", RunConfig.model_fields["network"].default)
    if not kinds.fits(registry("networks").get(_name(network)), kind):
        document = {**document, "network": {"name": spec.network}}
    chosen = registry("objectives").get(model["name"]).Options.model_fields.get("likelihood")
    if chosen is not None:
        # Shares of symbols are values from 0 to 1 too, but no independent ones: the default would take them.
        unsaid = "symbols" in spec.gives and "likelihood" not in model
        likelihood = registry("likelihoods").get(_name(model.get("likelihood", chosen.default)))
        if unsaid or not kinds.fits(likelihood, kind):
            model["likelihood"] = {"name": spec.likelihood}
    return {**document, "model": model}


def _name(choice: str | Mapping[str, Any]) -> str:
    """The name of a registry's entry, as a preset chooses it."""
    return choice if isinstance(choice, str) else str(choice["name"])
