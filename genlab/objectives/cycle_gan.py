"""CycleGAN: items of one class become items of another, and back, without knowing which belongs to which.

Two generators and two critics. Nothing says what an item should become but that it has to pass for one of the other
class, and that the way back leads to where it came from (Zhu et al. 2017, equations 1 to 3, and 5.2 for identity).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import prod
from typing import TYPE_CHECKING, Any

from genlab.errors import InputError
from genlab.objectives._adversarial import AdversarialOptions, Adversary
from genlab.objectives.base import Assembly, Batch, Objective, ObjectiveSpec, Random, Terms
from genlab.options import setting
from genlab.space import Space

if TYPE_CHECKING:
    from torch import Tensor, nn

    from genlab.networks.build import Parts


class CycleGanOptions(AdversarialOptions):
    """Settings of CycleGAN."""

    from_class: str = setting("0", "the one class: its number, or its name where that is no number")
    to_class: str = setting("1", "the other class")
    cycle: float = setting(
        10.0,
        "weight of the error after there and back; lower lets items change more",
        ge=0,
        le=1_000,
        log=True,
    )
    identity: float = setting(
        0.5,
        "weight of leaving items alone that are of the wanted class already, as a share of the cycle's; keeps colours",
        ge=0,
        le=10,
    )


class CycleGan(Objective):
    """Both critics as one player, both generators as the other.

    Args:
        parts: Builds the networks.
        options: The settings.

    Raises:
        InputError: When there are no such classes.
    """

    def __init__(self, parts: Parts, options: CycleGanOptions) -> None:
        from torch import nn

        check(options, parts.space)
        self.options = options
        self.space, self.latent_dim = parts.space, parts.latent_dim
        self.classes = self.pair = (int(options.from_class), int(options.to_class))
        alone = replace(parts, space=replace(parts.space, classes=0))
        self.judges = (Adversary(alone, options), Adversary(alone, options))
        self.there, self.back = alone.translator(), alone.translator()
        critics = nn.ModuleDict({"first": self.judges[0].critic, "second": self.judges[1].critic})
        generators = nn.ModuleDict({"there": self.there, "back": self.back})
        self.players: Mapping[str, nn.Module] = {"critic": critics, "generator": generators}
        self.repeats: Mapping[str, int] = {"critic": options.critic_repeats}
        self.averaged = ("generator",)

    def terms(self, player: str, batch: Batch, rng: Random) -> Terms:
        """The player's loss per pair of items [B / 2], one of each class."""
        first, second = self._both(batch)
        if player == "critic":
            return self._critic_turn(first, second, batch, rng)
        return self._generator_turn(first, second, rng, batch.progress)

    def assemble(self, players: Mapping[str, nn.Module]) -> Assembly:
        """The generators; each critic judges one class only, and neither is part of the model."""
        generators: Any = players["generator"]
        return Assembly(translators=(generators["there"], generators["back"]))

    def show(self, assembly: Assembly, batch: Batch, rng: Random) -> tuple[Tensor, ...]:
        """Items of both classes by turns, what becomes of them, and what of that on the way back."""
        import torch

        assert assembly.translators is not None
        there, back = assembly.translators
        columns = []
        for given, way, return_way in zip(self._both(batch), (there, back), (back, there), strict=True):
            made = self.space.activate(way(given))
            columns.append((given, made, self.space.activate(return_way(made))))
        return tuple(torch.stack(both, 1).flatten(0, 1) for both in zip(*columns, strict=True))

    def _critic_turn(self, first: Tensor, second: Tensor, batch: Batch, rng: Random) -> Terms:
        import torch

        with torch.no_grad():
            fakes = self._make(self.back, second), self._make(self.there, first)
        found = [
            judge.critic_terms(real, [fake], None, rng, batch.progress, batch.turn)
            for judge, real, fake in zip(self.judges, (first, second), fakes, strict=True)
        ]
        logs = {name: (found[0].logs[name] + found[1].logs[name]) / 2 for name in found[0].logs}
        return Terms(found[0].loss + found[1].loss, logs)

    def _generator_turn(self, first: Tensor, second: Tensor, rng: Random, progress: float) -> Terms:
        to_second, to_first = self._make(self.there, first), self._make(self.back, second)
        judged = self.judges[1].generator_loss(second, [to_second], None, rng)
        judged = judged + self.judges[0].generator_loss(first, [to_first], None, rng)
        cycle = self._error(self._make(self.back, to_second), first)
        cycle = (cycle + self._error(self._make(self.there, to_first), second)) / 2
        loss, logs = judged + 2 * self.options.cycle * cycle, {"cycle/error": cycle.detach()}
        if self.options.identity:
            same = self._error(self._make(self.there, second), second)
            same = (same + self._error(self._make(self.back, first), first)) / 2
            loss = loss + 2 * self.options.cycle * self.options.identity * same
            logs["identity/error"] = same.detach()
        return Terms(loss, {**logs, "adversarial/generator": judged.detach()})

    def _both(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """As many items of the one class as of the other.

        Raises:
            InputError: When the batch holds none of a class.
        """
        assert batch.y is not None
        first, second = (batch.x[batch.y == number] for number in self.classes)
        count = min(len(first), len(second))
        if not count:
            raise InputError("A batch holds no item of one of the classes.", "Raise batch_size.", kind="bad_value")
        return first[:count], second[:count]

    def _make(self, generator: nn.Module, x: Tensor) -> Tensor:
        return self.space.activate(generator(x))

    def _error(self, made: Tensor, x: Tensor) -> Tensor:
        """Mean absolute error [B], as a share of the range of values."""
        return ((made - x) / self.space.span).abs().flatten(1).mean(1)


def check(options: CycleGanOptions, space: Space) -> None:
    """Refuse data without two such classes.

    Raises:
        InputError: With the reason.
    """
    if not space.classes:
        raise InputError(
            "CycleGAN translates between two classes and has to be told which item is of which.",
            "Turn conditional on; two folders of pictures are two classes.",
            kind="bad_value",
        )
    for name in (options.from_class, options.to_class):
        if not name.isdecimal() or int(name) >= space.classes:
            raise InputError(
                f"There is no class {name!r}.", f"Classes go from 0 to {space.classes - 1}.", kind="bad_value"
            )
    if int(options.from_class) == int(options.to_class):
        raise InputError("Both classes are the same.", "Set to_class to another one.", kind="bad_value")


SPEC = ObjectiveSpec(
    title="CycleGAN",
    summary="Turns items of one class into items of another, and back, from unpaired data; draws no samples",
    paper="Zhu et al., Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks, 2017",
    Options=CycleGanOptions,
    family="item_to_item",
    build=CycleGan,
    latent=lambda shape: prod(shape),
    settings={
        "network": {"name": "conv", "full_resolution": 8},
        "conditional": True,
        "optimiser": {"lr": 5e-4, "beta1": 0.5, "beta2": 0.99, "schedule": "cosine"},
    },
    passes=(20, 20),
    check=check,
    named=("from_class", "to_class"),
    diagram=(
        ("data", "generator", "both classes"),
        ("generator", "translated", "there, back"),
        ("translated", "critic", "fake"),
        ("data", "critic", "real"),
        ("critic", "generator", "gradient"),
        ("translated", "generator", "cycle"),
    ),
)
