"""What a match is asked to be: data, families, length, seeds. No torch."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, JsonValue, field_validator, model_validator

from genlab.config import DataConfig
from genlab.errors import InputError
from genlab.families import in_order, may_sample
from genlab.options import Options, setting
from genlab.plots.theme import family_title

if TYPE_CHECKING:
    from genlab.evaluation.evaluation_request import EvaluationRequest

SAMPLES = 5_000
"""Generated items that a run of a match is judged by."""

MOST_SEEDS = 20

Fairness = Literal["images", "compute", "best"]
"""Equal images; equal compute, by measured speeds; each family at its own best within a budget of trials."""


class MatchRequest(Options):
    """A match between families: everything that decides what is trained and how it is judged."""

    data: DataConfig = setting(DataConfig(), "the images that all families learn from")
    families: tuple[str, ...] = Field(
        default_factory=lambda: usual(), description="models that meet, one of each family; two or more"
    )
    beside: tuple[str, ...] = Field(
        default=(),
        description="contenders that claims are judged on once more, in place of their family's usual model: model and "
        "preset, e.g. vae:modern",
    )
    preset: str = setting("quick", "where objectives, optimisers and the length come from")
    seeds: int = setting(
        3, "runs of each family, which differ in their seed; one is never enough for a verdict", ge=1, le=MOST_SEEDS
    )
    images: int | None = setting(
        None,
        "training length of every run; empty takes the shortest that the preset has for one of the families",
        unit="images",
        ge=3,
        step=10_000,
    )
    fairness: Fairness = setting(
        "images",
        "what is equal: images, the seconds of compute that a run takes, or the trials that each family is tuned by",
    )
    trials: bool = setting(
        True, "try each family at half, one and twice its learning rate, to see how sensitive it is", advanced=True
    )
    settings: dict[str, JsonValue] = setting({}, "settings for all families that have them", advanced=True)
    faces: bool = setting(False, "these are photographs of faces", advanced=True)
    name: str = setting("", "what to call the match; empty names it by its data")
    samples: int = setting(
        SAMPLES, "generated items that each run is judged by", unit="items", ge=2, le=100_000, advanced=True
    )

    @model_validator(mode="before")
    @classmethod
    def _once_tuned(cls, value: Any) -> Any:
        """``tuned`` is how earlier releases, and people in a hurry, ask for each family at its own best."""
        if not isinstance(value, Mapping) or "tuned" not in value:
            return value
        rest = {key: item for key, item in value.items() if key != "tuned"}
        if value["tuned"] is not True:
            return rest
        if rest.setdefault("fairness", "best") != "best":
            raise ValueError("a tuned match is one in which each family is at its own best")
        return rest

    @field_validator("data", mode="before")
    @classmethod
    def _named(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value

    @field_validator("families", "beside", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return [name.strip() for name in value.split(",") if name.strip()] if isinstance(value, str) else value

    @property
    def tuned(self) -> bool:
        """Whether trials choose each family's learning rate first."""
        return self.fairness == "best"

    def checked(self) -> MatchRequest:
        """This request, when its families can meet.

        Raises:
            InputError: When a family is unknown or stands twice, there is only one, or a tuned match has no trials.
        """
        families_of(self.families)
        if len(self.families) < 2:
            raise InputError("A match needs two families or more.", f"Name some of: {', '.join(usual())}.")
        if self.tuned and not self.trials:
            raise InputError(
                "A tuned match chooses learning rates by its trials, which are left out.",
                "Take trials or do without tuned.",
                kind="bad_value",
            )
        for name in self.beside:
            self._require(name)
        return self

    def _require(self, contender: str) -> None:
        if contender not in contenders(self.families) or self.beside.count(contender) > 1:
            raise InputError(
                f"{contender!r} is no contender for this match.",
                f"Contenders that can stand beside its families: {', '.join(contenders(self.families)) or 'none'}.",
                kind="bad_value",
            )

    def command(self) -> str:
        """The ``genlab match`` command that asks for this match."""
        default = type(self)()
        words = ["genlab", "match", "--data", self.data.name, "--preset", self.preset, "--seeds", str(self.seeds)]
        words += ["--families", ",".join(self.families)] if self.families != default.families else []
        words += ["--beside", ",".join(self.beside)] if self.beside else []
        words += ["--images", str(self.images)] if self.images is not None else []
        words += ["--fairness", self.fairness] if self.fairness != default.fairness else []
        flags = {"--no-trials": not self.trials, "--faces": self.faces}
        words += [flag for flag, wanted in flags.items() if wanted]
        words += ["--samples", str(self.samples)] if self.samples != default.samples else []
        words += ["--name", self.name] if self.name else []
        for path, value in (self._data_settings() | self.settings).items():
            words += ["--set", f"{path}={value if isinstance(value, str) else json.dumps(value)}"]
        return shlex.join(words)

    def _data_settings(self) -> dict[str, JsonValue]:
        """What is asked of the data besides their name, as settings."""
        asked = self.data.model_dump(mode="json", exclude={"name"}, exclude_defaults=True)
        options = asked.pop("options", {})
        return {f"data.{key}": value for key, value in asked.items()} | {
            f"data.options.{key}": value for key, value in options.items()
        }

    def evaluation(self) -> EvaluationRequest:
        """How the runs that are judged are evaluated: all metrics that can be had."""
        from genlab.evaluation.evaluation_request import EvaluationRequest

        return EvaluationRequest(samples=self.samples)

    def trial_evaluation(self) -> EvaluationRequest:
        """How trials are evaluated: by what is cheap and tells early."""
        from genlab.evaluation.evaluation_request import OVER_TIME, OVER_TIME_SAMPLES, EvaluationRequest

        # What is chosen by the items that are reported on is favoured by them. Matches of earlier releases did so.
        part = "validation" if self.tuned and self.data.validation else "test"
        return EvaluationRequest(metrics=OVER_TIME, samples=min(self.samples, OVER_TIME_SAMPLES), part=part)


def usual() -> tuple[str, ...]:
    """The models of a match where none are named: of each family that claims speak of the one of its name, in order."""
    from genlab.registry import registry

    spoken = {family for claim in registry("claims") for part in claim.parts for family in part.families}
    return tuple(spec.name for spec in in_order() if spec.name in spoken and spec.name in registry("objectives"))


def contenders(models: Iterable[str], kind: str = "") -> tuple[str, ...]:
    """Which contenders can stand beside ``models`` in a match, as `MatchRequest.beside` names them.

    Args:
        models: The models that meet.
        kind: Name of the data's kind; empty for any.
    """
    from genlab.kinds import REGISTRY as KINDS
    from genlab.registry import registry

    wanted = [kind] if kind else KINDS.names()
    presets = [spec for spec in registry("presets") if spec.beside]
    names = (
        f"{model}:{spec.name}" for model in models for spec in presets if any(model in spec.models(k) for k in wanted)
    )
    return tuple(dict.fromkeys(names))


def families_of(models: Iterable[str]) -> dict[str, str]:
    """Family -> model, in the order of ``models``.

    Raises:
        InputError: When a model is unknown, stands twice or draws no samples, or two are of one family.
    """
    from genlab.registry import registry

    found: dict[str, str] = {}
    for model in models:
        spec = registry("objectives").get(model)
        other = found.get(spec.family)
        if other == model:
            raise InputError(f"{model!r} stands twice in the match.", "Name each model once.", kind="bad_value")
        if other is not None:
            raise InputError(
                f"{other!r} and {model!r} are both of the family {family_title(spec.family)}.",
                "A match compares families: name one model of each.",
                kind="bad_value",
            )
        if not may_sample(spec.family):
            raise InputError(
                f"{spec.title} draws no samples, and a match compares what is sampled.",
                "Leave it out.",
                kind="bad_value",
            )
        found[spec.family] = model
    return found
