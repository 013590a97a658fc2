"""The runs of a match in the order of training: those that are judged, trials at other learning rates, more seeds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from genlab.config import RunConfig, change, leaves
from genlab.errors import InputError
from genlab.matches.match_plan import MatchPlan
from genlab.matches.match_request import MatchRequest
from genlab.registry import registry
from genlab.verdicts.match_run import MatchRun, Role

FACTORS = (0.5, 1.0, 2.0)
"""What trials multiply the learning rate by."""

SECOND = (0.5, 2.0)
"""What trials that come second, where settings are chosen, multiply the family's own weight by."""

NEARER = (0.71, 1.41)
"""What they multiply the learning rate by where the model names no weight of its own."""

TRIAL_SHARE = 3
"""A trial is shown one part in this many of a run's images."""


def planned(request: MatchRequest, configs: Mapping[str, RunConfig]) -> Iterator[MatchRun]:
    """The runs in order: seed by seed, so that a comparison is there early; trials last, or first when they choose.

    Args:
        request: What is asked for.
        configs: Contender -> its configuration; only where trials choose do those beside a usual model have any.
    """
    if request.tuned:
        yield from _trials(configs)
    for seed in range(request.seeds):
        for contender, config in configs.items():
            yield _entry(contender, _of_seed(config, seed), "beside" if ":" in contender else "seed", 1.0)
    if request.trials and not request.tuned:
        yield from _trials({name: config for name, config in configs.items() if ":" not in name})


def with_seeds(plan: MatchPlan, seeds: int) -> MatchPlan:
    """``plan`` with as many seeds of every family; those that it has, and its trials, stay as they are.

    Args:
        plan: The plan of a match.
        seeds: Seeds of each family; fewer than it has change nothing.

    Raises:
        InputError: When the plan does not say how its runs were configured, as early ones do not.
    """
    judged = [entry for entry in plan.entries if entry.role != "trial"]
    there = {entry.seed for entry in judged}
    missing = [seed for seed in range(seeds) if seed not in there]
    if not missing or not judged:
        return plan
    first = [entry for entry in judged if entry.seed == min(there)]
    if not all(entry.config for entry in first):
        raise InputError(
            "This match's plan does not say how its runs were configured, so that no further seeds can be trained.",
            "Start a new match.",
            kind="bad_value",
        )
    more = [_another(entry, seed) for seed in missing for entry in first]
    place = 1 + max(place for place, entry in enumerate(plan.entries) if entry.role != "trial")
    return plan.model_copy(update={"entries": [*plan.entries[:place], *more, *plan.entries[place:]]})


def with_lengths(plan: MatchPlan, lengths: Mapping[str, int]) -> MatchPlan:
    """``plan`` with so many images for the judged runs of each contender, and a part of them for its trials."""
    entries = []
    for entry in plan.entries:
        images, config = lengths[entry.contender], entry.configuration()
        images = trial_length(images) if entry.role == "trial" else images
        training = config.training.model_copy(update={"images": images})
        longer = config.model_copy(update={"training": training})
        entries.append(entry.model_copy(update={"config": longer.model_dump(mode="json")}))
    return plan.model_copy(update={"entries": entries})


def trial_length(images: int) -> int:
    """Images of a trial of runs that are shown ``images``."""
    return max(1, images // TRIAL_SHARE)


def at_rate(config: RunConfig, factor: float) -> RunConfig:
    """``config`` with all its learning rates multiplied by ``factor``."""
    optimiser = config.optimiser
    rates = {"lr": optimiser.lr * factor}
    if optimiser.critic_lr is not None:
        rates["critic_lr"] = optimiser.critic_lr * factor
    return config if factor == 1 else config.model_copy(update={"optimiser": optimiser.model_copy(update=rates)})


def trials_of(request: MatchRequest) -> int:
    """How many trials every contender has."""
    return len(FACTORS) + len(SECOND) if request.tuned else len(FACTORS) if request.trials else 0


def second_trials(plan: MatchPlan, chosen: Mapping[str, float]) -> list[MatchRun]:
    """Trials at the learning rate that the first ones chose, with more and less of the weight that the model names.

    Args:
        plan: The plan, with its first trials.
        chosen: Contender -> factor of its learning rate.
    """
    first = {entry.contender: entry for entry in plan.entries if entry.role == "trial" and entry.lr_factor == 1}
    return [
        trial
        for factors in zip(SECOND, NEARER, strict=True)
        for contender, entry in first.items()
        for trial in [_second(entry, contender, chosen[contender], *factors)]
    ]


def _second(entry: MatchRun, contender: str, rate: float, factor: float, nearer: float) -> MatchRun:
    config = entry.configuration()
    path, weight = own_weight(config)
    if not path:
        tried = at_rate(config, rate * nearer)
        changed: dict[str, Any] = {"optimiser.lr": tried.optimiser.lr}
        named = _named(tried, f"trial at {rate * nearer:g} × learning rate")
        return _entry(contender, named, "trial", rate * nearer, changed)
    tried = change(at_rate(config, rate), {path: weight * factor})
    named = _named(tried, f"trial at {rate:g} × learning rate, {factor:g} × {path.removeprefix('model.')}")
    return _entry(contender, named, "trial", rate, {path: weight * factor})


def own_weight(config: RunConfig) -> tuple[str, float]:
    """The weight that its model names as its own to be tuned, and its value; ``("", 0.0)`` where it has none now."""
    path = str(registry("objectives").get(config.model.name).tuned)
    value = leaves(config.model_dump(mode="json")).get(path)
    return (path, float(value)) if isinstance(value, int | float) and value > 0 else ("", 0.0)


def title_of(config: RunConfig) -> str:
    """What the model of a configuration is called: of a contender with its preset's title, e.g. ``modern VAE``."""
    title = str(registry("objectives").get(config.model.name).title)
    preset = registry("presets").get(config.preset) if config.preset in registry("presets") else None
    return f"{preset.title.lower()} {title}" if preset is not None and preset.beside else title


def _trials(configs: Mapping[str, RunConfig]) -> Iterator[MatchRun]:
    for factor in FACTORS:
        for contender, config in configs.items():
            training = config.training.model_copy(update={"images": trial_length(config.training.images)})
            short = at_rate(config.model_copy(update={"training": training}), factor)
            yield _entry(contender, _named(short, f"trial at {factor:g} × learning rate"), "trial", factor)


def _another(entry: MatchRun, seed: int) -> MatchRun:
    """The same run with another seed, not begun."""
    return _entry(entry.contender, _of_seed(entry.configuration(), seed), entry.role, entry.lr_factor, entry.changed)


def _of_seed(config: RunConfig, seed: int) -> RunConfig:
    training = config.training.model_copy(update={"seed": seed})
    return _named(config.model_copy(update={"training": training}), f"seed {seed}")


def _named(config: RunConfig, what: str) -> RunConfig:
    return config.model_copy(update={"name": f"Match {config.data.name} {title_of(config)} {what}"})


def _entry(
    contender: str, config: RunConfig, role: Role, factor: float, changed: Mapping[str, Any] | None = None
) -> MatchRun:
    family, _, variant = contender.partition(":")
    return MatchRun(
        family=family,
        variant=variant,
        changed=dict(changed or {}),
        model=config.model.name,
        seed=config.training.seed,
        role=role,
        lr_factor=factor,
        config=config.model_dump(mode="json"),
    )
