"""What a preset is: settings laid over the defaults, for one or more objectives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from genlab.errors import InputError
from genlab.registry import Spec, registry


@dataclass(frozen=True, kw_only=True)
class PresetSpec(Spec):
    """A named configuration.

    Attributes:
        models: Objective name -> settings for images, a nested document laid over the defaults.
        points: Objective name -> settings for 2-D points; empty when the preset is for images only.
        teaches: What a teaching preset shows, in one sentence; empty for the ordinary ones.
        adapts: Whether few or colourful images get the settings that suit them (`genlab.presets._suited`).
    """

    noun: ClassVar[str] = "preset"

    models: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    points: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    teaches: str = ""
    adapts: bool = False


def preset_document(preset: str, model: str, kind: str) -> dict[str, Any]:
    """The preset's settings for ``model`` on data of ``kind`` (``"images"`` or ``"points"``), a nested document.

    Raises:
        InputError: When there is no such preset or model, or the preset is not for it.
    """
    registry("objectives").get(model)
    spec: PresetSpec = registry("presets").get(preset)
    models = spec.points if kind == "points" else spec.models
    if model not in models:
        others = [p.name for p in registry("presets") if model in (p.points if kind == "points" else p.models)]
        raise InputError(
            f"The preset {preset!r} is not for the model {model!r} on {kind}.",
            f"Presets for it: {', '.join(others) or 'none'}.",
            kind="bad_value",
        )
    settings = dict(models[model])
    chosen = settings.pop("model", {})
    return {**settings, "model": {"name": model, **chosen}}
