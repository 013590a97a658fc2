"""What a preset is: settings laid over the defaults, for one or more objectives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from genlab.config import merge
from genlab.errors import InputError
from genlab.registry import Spec, registry


@dataclass(frozen=True, kw_only=True)
class PresetSpec(Spec):
    """A named configuration.

    Attributes:
        models: Objective name -> settings for images, a nested document laid over the defaults.
        points: Objective name -> settings for 2-D points; empty when the preset is for images only.
        others: Settings of images for a model that is not named, under those that the model itself says suit it.
        other_points: The same for points.
        teaches: What a teaching preset shows, in one sentence; empty for the ordinary ones.
        adapts: Whether few or colourful images get the settings that suit them (`genlab.presets._suited`).
    """

    noun: ClassVar[str] = "preset"

    models: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    points: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    others: Mapping[str, Any] = field(default_factory=dict)
    other_points: Mapping[str, Any] = field(default_factory=dict)
    teaches: str = ""
    adapts: bool = False

    def suits(self, model: str, kind: str) -> bool:
        """Whether it is for ``model`` on data of ``kind``: one it names; any, unless it teaches what a few do."""
        named = self.points if kind == "points" else self.models
        return model in named or (bool(named) and not self.teaches)


def preset_document(preset: str, model: str, kind: str) -> dict[str, Any]:
    """The preset's settings for ``model`` on data of ``kind`` (``"images"`` or ``"points"``), a nested document.

    Raises:
        InputError: When there is no such preset or model, or the preset is not for it.
    """
    objective = registry("objectives").get(model)
    spec: PresetSpec = registry("presets").get(preset)
    if not spec.suits(model, kind):
        others = [p.name for p in registry("presets") if p.suits(model, kind)]
        raise InputError(
            f"The preset {preset!r} is not for the model {model!r} on {kind}.",
            f"Presets for it: {', '.join(others) or 'none'}.",
            kind="bad_value",
        )
    points = kind == "points"
    named = spec.points if points else spec.models
    rest = spec.other_points if points else spec.others
    settings = dict(named[model] if model in named else merge(rest, objective.settings))
    chosen = settings.pop("model", {})
    return {**settings, "model": {"name": model, **chosen}}
