"""What makes a match fair: one configuration per family, alike in all but its objective and optimiser, and its size.

Equal are data, latent size, decoder (weight for weight in number), batch, images seen, averaging and seeds. A model
with both an encoder and a critic gets narrower ones, so that its total is that of the largest family with only one. A
model with neither is made as large by a wider network of its own; one whose latent space is as large as the data keeps
it so.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from genlab import kinds
from genlab.config import DataConfig, RunConfig, change
from genlab.errors import InputError
from genlab.matches.entries import planned, title_of
from genlab.matches.match_plan import MatchPlan
from genlab.matches.match_request import MatchRequest, families_of
from genlab.registry import registry

if TYPE_CHECKING:
    from genlab.datasets.base import DatasetInfo
    from genlab.space import Space

WITHIN = 0.10
"""Largest allowed difference between two families' parameter counts, as a share of the larger."""

NARROWEST = 2
"""Smallest `trunk_width`."""

WIDTHS = ("network.trunk_width", "network.width", "model.width")
"""Settings by which a model may be made larger or smaller, the first that it has and that counts."""

ASIDE_SHARE, FEWEST_ASIDE, MOST_ASIDE = 6, 100, 2_000
"""One part in so many of the training images is set aside for trials, as many as are usually held out; at least as many
as a Frechet distance takes, and no more than trials draw samples."""

OWN = ("model.name", "data.name", "training.images", "training.seed", "name", "preset", "schema_version")
"""Settings that the match decides itself."""


class Describing(Protocol):
    """What is asked about data sets."""

    def describe(self, data: str | DataConfig) -> DatasetInfo:
        """What a data set is."""


class Configuring(Protocol):
    """What is asked about configurations."""

    def draft(self, model: str, data: str | DataConfig, preset: str) -> RunConfig:
        """The configuration of a preset."""

    def fitted(self, config: RunConfig) -> RunConfig:
        """A configuration with what the data decide."""

    def check(self, config: RunConfig) -> None:
        """Refuse what cannot be trained."""

    def settled(self, config: RunConfig) -> RunConfig:
        """A configuration as a run keeps it."""


class Planning(Protocol):
    """What planning asks of a lab."""

    @property
    def data(self) -> Describing:
        """Its data sets."""

    @property
    def configs(self) -> Configuring:
        """Configurations for them."""


def plan(request: MatchRequest, lab: Planning) -> MatchPlan:
    """Which runs a match consists of. Imports torch to count parameters; nothing is written.

    Raises:
        InputError: When the request cannot be met, or the families cannot be made alike in size.
    """
    configs, space = base_configs(request, lab)
    usual = {key: config for key, config in configs.items() if ":" not in key}
    usual, parameters = evened(usual, space)
    beside = {key: config for key, config in configs.items() if ":" in key}
    beside, weigh = evened_to(beside, space, _aim(parameters))
    configs, first = usual | beside, next(iter(usual.values()))
    totals = [counts["total"] for counts in parameters.values()]
    return MatchPlan(
        images=first.training.images,
        batch_size=first.training.batch_size,
        latent_dim=next((config for config in usual.values() if not _given(config)), first).latent_dim,
        parameters=parameters | weigh,
        spread=1 - min(totals) / max(totals),
        entries=list(planned(request, configs)),
    )


def base_configs(request: MatchRequest, lab: Planning) -> tuple[dict[str, RunConfig], Space]:
    """Contender -> its configuration before the networks are evened out; and the space of the data. No torch.

    A contender is a family, or a variant that stands beside its usual model (`MatchRun.contender`).

    Raises:
        InputError: When a name is unknown, items are dots without pictures of their own, or a setting is refused.
    """
    from genlab.space import Space

    info = lab.data.describe(request.data)
    kind = kinds.get(info.kind)
    if not kind.pictured:
        raise InputError(
            f"A match shows item by item what families make; {info.name!r} holds {kind.holding}, which are drawn "
            "together.",
            "Choose other data, e.g. mnist-5k. The Playground compares families on points.",
            kind="bad_value",
        )
    configs = drafted(request.model_copy(update={"data": data_of(request, info)}), lab.configs)
    for config in configs.values():
        lab.configs.check(config)
    configs = {family: lab.configs.settled(config) for family, config in configs.items()}
    shown = lab.data.describe(next(iter(configs.values())).data)
    classes = len(shown.classes or ()) if next(iter(configs.values())).conditional else 0
    space = Space(info.kind, shown.shape, classes, symbols=info.symbols)
    return configs, space


def data_of(request: MatchRequest, info: DatasetInfo) -> DataConfig:
    """The data of a match: where trials choose, a part of the training items is set aside for them.

    Raises:
        InputError: When there are too few training items to set some aside.
    """
    if not request.tuned or request.data.validation is not None:
        return request.data
    aside = min(info.train // ASIDE_SHARE, MOST_ASIDE)
    if aside < FEWEST_ASIDE:
        raise InputError(
            f"{info.name!r} has {info.train:,} training items: too few to set {FEWEST_ASIDE} aside for trials.",
            "Take equal images or equal compute, or name a number as data.validation.",
            kind="bad_value",
        )
    return request.data.model_copy(update={"validation": aside})


def drafted(request: MatchRequest, configs: Configuring) -> dict[str, RunConfig]:
    """Contender -> its preset's configuration, alike in all but objective and optimiser; not yet checked.

    Raises:
        InputError: When a name is unknown, or a setting is refused.
    """
    models = families_of(request.checked().families)
    drafts = [configs.draft(model, request.data, request.preset) for model in models.values()]
    names = list(models)
    for model, _, preset in (name.partition(":") for name in request.beside):
        names.append(f"{registry('objectives').get(model).family}:{preset}")
        drafts.append(configs.draft(model, request.data, preset))
    alike = map(configs.fitted, _with_settings(_alike(drafts, request, len(models)), request))
    return dict(zip(names, alike, strict=True))


def evened(configs: Mapping[str, RunConfig], space: Space) -> tuple[dict[str, RunConfig], dict[str, dict[str, int]]]:
    """``configs`` with widths that bring all totals to that of the largest family with one trunk; what each weighs.

    A model with encoder and critic gets narrower ones. Where one trunk alone is much smaller than the other families'
    (small pictures, many latent dimensions), it becomes wider. So does the network of a model with neither.

    Raises:
        InputError: When the totals still differ by more than `WITHIN`.
    """
    from genlab.networks.matched import report

    target = _aim({family: report(config, space) for family, config in configs.items()})
    evened, parameters = evened_to(configs, space, target)
    totals = {family: counts["total"] for family, counts in parameters.items()}
    if min(totals.values()) < (1 - WITHIN) * max(totals.values()):
        listed = ", ".join(f"{title_of(configs[family])} {total:,}" for family, total in totals.items())
        raise InputError(
            f"The families differ by more than {WITHIN:.0%} in their parameters: {listed}.",
            "Lower latent_dim, or raise network.width.",
            kind="unfair",
        )
    return evened, parameters


def evened_to(
    configs: Mapping[str, RunConfig], space: Space, target: int
) -> tuple[dict[str, RunConfig], dict[str, dict[str, int]]]:
    """``configs`` with widths that bring each to a total of ``target``, where it is larger or much smaller.

    Raises:
        InputError: When one of them has no width that could be changed.
    """
    from genlab.networks.matched import report

    found, parameters = dict(configs), {name: report(config, space) for name, config in configs.items()}
    for name, counts in parameters.items():
        if not (1 - WITHIN) * target <= counts["total"] <= target:
            found[name] = _resized(configs[name], space, target)
            parameters[name] = report(found[name], space)
    return found, parameters


def _aim(parameters: Mapping[str, Mapping[str, int]]) -> int:
    """The total that all are brought to: of the families with one trunk the largest; else of those with any."""
    trunks = {family: len({"encoder", "critic"} & counts.keys()) for family, counts in parameters.items()}
    usual = [family for family, count in trunks.items() if count == 1] or [f for f, count in trunks.items() if count]
    return max(parameters[family]["total"] for family in usual or parameters)


def _alike(drafts: list[RunConfig], request: MatchRequest, usual: int) -> list[RunConfig]:
    """Each preset's objective and optimiser, and everything else as the family with the shortest training has it.

    Contenders, which come behind the ``usual`` ones, decide nothing.
    """
    shortest = min(drafts[:usual], key=lambda config: config.training.images)
    choosing = [config for config in drafts[:usual] if not _given(config)] or drafts[:usual]
    training = {"images": request.images or shortest.training.images, "seed": 0}
    common = {
        "network": shortest.network,
        "latent_dim": min(choosing, key=lambda config: config.training.images).latent_dim,
        "conditional": shortest.conditional,
        "training": shortest.training.model_copy(update=training),
        "watch": shortest.watch,
    }
    return [config.model_copy(update=common) for config in drafts]


def _with_settings(configs: list[RunConfig], request: MatchRequest) -> list[RunConfig]:
    """``configs`` with the request's settings, each in the families that have it."""
    used: set[str] = set()
    changed = []
    for config in configs:
        known = {key: value for key, value in request.settings.items() if _has(config, {key: value})}
        known |= {
            key: value
            for key, value in request.settings.items()
            if key not in known and _has(config, {**known, key: value})
        }
        changed.append(change(config, known))
        used |= known.keys()
        _refuse_own(config, changed[-1])
    for key in request.settings.keys() - used:
        change(configs[0], {key: request.settings[key]})
    return changed


def _has(config: RunConfig, settings: Mapping[str, Any]) -> bool:
    try:
        change(config, settings)
    except InputError as error:
        if error.kind == "unknown_option":
            return False
        raise
    return True


def _refuse_own(before: RunConfig, after: RunConfig) -> None:
    for path in OWN:
        old, new = before.model_dump(), after.model_dump()
        for part in path.split("."):
            old, new = old[part], new[part]
        if old != new:
            name = path.removesuffix(".name") if path.endswith(".name") else path
            raise InputError(
                f"The match itself decides {name}, the same for all its runs.",
                "Ask for data, families, images and seeds by the match's own options.",
                kind="bad_value",
            )


def _resized(config: RunConfig, space: Space, total: int) -> RunConfig:
    """``config`` with the width that brings its parameters nearest to ``total``.

    That is the `trunk_width` of a model with a trunk; of one with neither encoder nor critic the first of `WIDTHS` that
    changes its parameters at all.
    """
    from genlab.networks.matched import report

    counts = report(config, space)
    wanted = WIDTHS[:1] if {"encoder", "critic"} & counts.keys() else WIDTHS
    found = (path for path in wanted if _limits(config, path) and _matters(config, path, space, counts["total"]))
    path = next(found, None)
    if path is None:
        width = wanted[0].rpartition(".")[2]
        raise InputError(
            f"The network {config.network.name!r} has no {width}, so that {title_of(config)} cannot be made as large "
            "as the other families.",
            "Choose another network, or leave that family out.",
            kind="unfair",
        )

    @cache
    def at(width: int) -> tuple[RunConfig, int]:
        sized = change(config, {path: width})
        return sized, report(sized, space)["total"]

    low, high = _limits(config, path)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if at(middle)[1] >= total else (middle, high)
    return min((at(low), at(high)), key=lambda found: abs(found[1] - total))[0]


def _limits(config: RunConfig, path: str) -> tuple[int, ...]:
    """The smallest and the largest value of a width; nothing where the configuration has no such setting."""
    part, _, name = path.rpartition(".")
    field = type(getattr(config, part).options).model_fields.get(name)
    if field is None:
        return ()
    ends = {end: getattr(limit, end) for limit in field.metadata for end in ("ge", "le") if hasattr(limit, end)}
    return (max(NARROWEST, int(ends.get("ge", NARROWEST))), int(ends["le"])) if "le" in ends else ()


def _matters(config: RunConfig, path: str, space: Space, total: int) -> bool:
    """Whether a width decides how many parameters a model has: at its smallest there are not ``total``."""
    from genlab.networks.matched import report

    return any(report(change(config, {path: end}), space)["total"] != total for end in _limits(config, path))


def _given(config: RunConfig) -> bool:
    """Whether the data decide the size of the latent space."""
    return registry("objectives").get(config.model.name).latent is not None
