"""One model in training: genlab's objective, networks and step, with knobs that can be turned while it learns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from genlab.devices import place
from genlab.errors import DivergedError, InputError
from genlab.models.factory import build_objective
from genlab.objectives.base import Assembly, Batch, Objective, Random, Terms
from genlab.playground.plane_data import PlaneData
from genlab.playground.plane_stream import NoisyStream
from genlab.playground.scenario import Model, Scenario, repeats, run_config
from genlab.training import engine
from genlab.training.seeding import generator
from genlab.training.state import TrainState

if TYPE_CHECKING:
    from accelerate import Accelerator

LATENTS = 512
"""Fixed latents that samples are drawn from, so that each sample can be followed."""


@lru_cache(maxsize=1)
def accelerator() -> Accelerator:
    """The device, in single precision; one for the whole process, whatever has been trained in it before."""
    from accelerate import Accelerator
    from accelerate.state import AcceleratorState

    # Accelerate keeps the first precision of a process: on hardware with bf16 a run trained here would decide.
    AcceleratorState._reset_state(reset_partial_state=True)
    return Accelerator(cpu=place().type == "cpu", mixed_precision="no")


class OnePlayer(Objective):
    """An objective of which only one player has a turn.

    Args:
        whole: The objective.
        player: The player that moves.
    """

    def __init__(self, whole: Objective, player: str) -> None:
        self.whole = whole
        self.space, self.latent_dim = whole.space, whole.latent_dim
        self.players: Mapping[str, nn.Module] = {player: whole.players[player]}
        self.repeats: Mapping[str, int] = {}
        self.averaged = ()

    def terms(self, player: str, batch: Batch, rng: Random) -> Terms:
        """The whole objective's terms for that player."""
        return self.whole.terms(player, batch, rng)

    def assemble(self, players: Mapping[str, nn.Module]) -> Assembly:
        """The whole objective's model."""
        return self.whole.assemble(players)


@dataclass
class Stage:
    """A model, its data and what its last step measured.

    Attributes:
        model: Its family.
        data: The data.
        state: What training changes.
        stream: Where batches come from.
        latents: Fixed latents [LATENTS, D], where the model is.
        losses: Player -> its loss at its last turn.
        diverged: The sentence and next step of a training that left the numbers, else None.
        moved: The players that moved last.
    """

    model: Model
    data: PlaneData
    state: TrainState
    stream: NoisyStream
    latents: Tensor
    losses: dict[str, Tensor] = field(default_factory=dict)
    diverged: tuple[str, str] | None = None
    moved: tuple[str, ...] = ()

    @classmethod
    def fresh(cls, model: Model, scenario: Scenario, data: PlaneData) -> Stage:
        """The model before its first step."""
        device = accelerator().device
        stream = NoisyStream(data, scenario.seed, device)
        stream.noise = scenario.noise
        state = _state(model, scenario, data)
        size = state.objective.latent_dim
        latents = torch.randn(LATENTS, size, generator=generator(scenario.seed, "shown latents"))
        return cls(model, data, state, stream, latents.to(device))

    @property
    def device(self) -> torch.device:
        """Where it computes."""
        device: torch.device = self.state.accelerator.device
        return device

    @property
    def players(self) -> tuple[str, ...]:
        """The players in the order of their turns."""
        return tuple(self.state.objective.players)

    @property
    def assembly(self) -> Assembly:
        """The model as it is now."""
        return self.state.objective.assemble(self.state.objective.players)

    def step(self, player: str | None = None) -> None:
        """One step of genlab's engine; with ``player`` only that player's turn (and no step is counted).

        A diverged model stays as it was before the step that broke it.

        Raises:
            InputError: When the model has no such player.
        """
        if self.diverged is not None:
            return
        if player is not None and player not in self.players:
            raise InputError(f"This model has no player {player[:40]!r}.", f"It has: {', '.join(self.players)}.")
        try:
            report = engine.step(self.state, self.stream) if player is None else self._turn(player)
        except DivergedError as error:
            self.diverged = (error.message, error.hint)
            return
        self.moved = self.players if player is None else (player,)
        for name, value in report.values.items():
            if name.startswith("loss/"):
                self.losses[name.removeprefix("loss/")] = value

    def _turn(self, player: str) -> engine.Report:
        alone = replace(self.state, objective=OnePlayer(self.state.objective, player))
        report = engine.step(alone, self.stream)
        self.state.images = alone.images
        self.state.step = alone.step
        return report

    def change(self, scenario: Scenario) -> None:
        """Turn knobs that leave the networks as they are: the training goes on with the same weights and moments."""
        self.stream.noise = scenario.noise
        old = self.state
        config = run_config(scenario, self.model, self.data.scale)
        if config == old.config and repeats(scenario, self.model) == old.objective.repeats:
            return
        new = _state(self.model, scenario, self.data)
        old_weights = old.weights()
        new.restore(
            {name: old_weights.get(name, tensor) for name, tensor in new.weights().items()}, old.progress_state()
        )
        for name, optimiser in new.optimisers.items():
            is_critic = name == "critic"
            for group in optimiser.param_groups:
                group["base_lr"] = new.config.optimiser.critic_lr if is_critic else new.config.optimiser.lr
                group["betas"] = (new.config.optimiser.beta1, new.config.optimiser.beta2)
        self.state, self.diverged = new, None


def _state(model: Model, scenario: Scenario, data: PlaneData) -> TrainState:
    config = run_config(scenario, model, data.scale)
    objective = build_objective(config, data.space)
    objective.repeats = repeats(scenario, model)
    state = TrainState.fresh(objective, config, accelerator())
    state.checks_turns = True
    return state
