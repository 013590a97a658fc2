"""What the training loop knows of a model family, and what losses, penalties, likelihoods are. No torch at import."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol

from genlab.errors import InputError
from genlab.kinds.base import Taken
from genlab.registry import Spec
from genlab.space import Random as Random
from genlab.space import Space

if TYPE_CHECKING:
    from torch import Tensor, nn


@dataclass(frozen=True)
class Batch:
    """Real data of one player turn.

    Attributes:
        x: Public values [B, *shape], e.g. images in [0, 1] with shape [B, C, H, W].
        y: Class numbers [B], or None for an unconditional model.
        progress: Share of the training done, 0 to 1 (for warm-ups).
        turn: Turns that this player has had before, for what is not done every time.
    """

    x: Tensor
    y: Tensor | None = None
    progress: float = 1.0
    turn: int = 0


@dataclass(frozen=True)
class Terms:
    """What one player minimises, and what is worth plotting.

    Attributes:
        loss: Loss per sample [B]; the loop takes the mean.
        logs: Name -> per-sample [B] or scalar tensor, detached; names are paths such as ``"score/real"``.
    """

    loss: Tensor
    logs: Mapping[str, Tensor] = field(default_factory=dict)


@dataclass(frozen=True)
class Assembly:
    """The parts of a trained model that everything downstream works with; families differ in which they have.

    Attributes:
        decoder: Makes items of latents; None for a model that turns items into others instead.
        encoder: Latents of items.
        critic: Scores of items.
        likelihood: What the decoder's output says of items; without one it is made data by `Space.activate`.
        restorer: Corrupted items -> raw output of what they were.
        restores: Whether to encode and decode corrupted items restores them, because that is what was trained.
        translators: Items of one class -> raw output of items of another, there and back.
    """

    decoder: nn.Module | None = None
    encoder: nn.Module | None = None
    critic: nn.Module | None = None
    likelihood: Likelihood | None = None
    restorer: nn.Module | None = None
    restores: bool = False
    translators: tuple[nn.Module, nn.Module] | None = None

    @property
    def sampler(self) -> nn.Module:
        """The decoder.

        Raises:
            InputError: When there is none.
        """
        if self.decoder is None:
            does = "restores" if self.translators is None else "translates"
            raise InputError(
                f"This model {does} items and draws none from noise: there are no samples and no latent space.",
                "Give it items, or take a model of another family.",
                kind="no_samples",
            )
        return self.decoder

    @property
    def networks(self) -> list[nn.Module]:
        """All networks that it has."""
        parts = (self.decoder, self.encoder, self.critic, self.restorer, *(self.translators or ()))
        return [part for part in parts if part is not None]


class Objective(ABC):
    """A model family in training: its players and what each minimises.

    Attributes:
        players: Name -> module, in the order of their turns; no two share a parameter.
        repeats: Name -> turns per step (1 where missing); each turn of the first player gets fresh real data.
        averaged: Players of which an exponential moving average is kept; samples are drawn from the average.
        space: The space of the data.
        latent_dim: Size of the latent space.
        pair: Two classes that batches hold as many items of, and no others; None for items as they come.
    """

    players: Mapping[str, nn.Module]
    repeats: Mapping[str, int]
    averaged: tuple[str, ...]
    space: Space
    latent_dim: int
    pair: tuple[int, int] | None = None

    @abstractmethod
    def terms(self, player: str, batch: Batch, rng: Random) -> Terms:
        """Loss per sample and logs of ``player``'s turn; only that player's parameters require gradients."""

    @abstractmethod
    def assemble(self, players: Mapping[str, nn.Module]) -> Assembly:
        """The trained model made of ``players`` (these may be averaged copies of ``self.players``)."""

    def show(self, assembly: Assembly, batch: Batch, rng: Random) -> tuple[Tensor, ...]:
        """What a model that draws no samples does to items, to be looked at while it trains.

        Args:
            assembly: The model as it is now.
            batch: Items that are held out.
            rng: Where noise comes from.

        Returns:
            Sets of items [n, *shape] to be seen side by side: what the model is given, what it makes of it, and more.
        """
        raise NotImplementedError(f"{type(self).__name__} draws samples, or has to say what it shows instead")


@dataclass(frozen=True, kw_only=True)
class ObjectiveSpec(Spec):
    """A model family, or a variant of one.

    Attributes:
        family: The family it is of, an entry of the registry ``families``.
        latent: Shape of an item -> size of the latent space, where the data decide it; None where it is a setting.
        settings: What suits it where a preset does not name it: a nested document laid over the defaults.
        passes: How often an item goes through the trunk and through the decoder in a step, ways back included; None
            for what follows from the family's parts (`genlab.jobs.work`).
        build: ``build(parts, options) -> Objective``; ``parts`` is a `genlab.networks.build.Parts`.
        check: ``check(options, space)`` raises an `InputError` where it cannot be trained so on data of that space; it
            is asked before anything is written.
        tuned: Path of the weight that is its own to be tuned besides the learning rate, e.g. ``"model.beta"``; or "".
        named: Options that name a class of the data; a configuration keeps its number.
        diagram: Its block diagram as (from, to, label) arrows between named blocks.
    """

    noun: ClassVar[str] = "model"

    family: str
    build: Callable[[Any, Any], Objective]
    diagram: tuple[tuple[str, str, str], ...] = ()
    latent: Callable[[tuple[int, ...]], int] | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    passes: tuple[float, float] | None = None
    check: Callable[[Any, Space], None] = lambda options, space: None
    named: tuple[str, ...] = ()
    tuned: str = ""

    def latent_size(self, shape: tuple[int, ...], asked: int) -> int:
        """Size of the latent space for items of ``shape``: what the data decide, or what was asked for."""
        return asked if self.latent is None else self.latent(shape)


@dataclass(frozen=True, kw_only=True)
class LossSpec(Spec):
    """An adversarial loss: two functions of both logits, per pair.

    Attributes:
        critic: ``critic(real [B], fake [B]) -> [B]``: what the critic minimises.
        generator: ``generator(real [B], fake [B]) -> [B]``: what the generator minimises.
        reading: How its curves normally look, in one or two sentences.
    """

    noun: ClassVar[str] = "GAN loss"

    critic: Callable[[Tensor, Tensor], Tensor]
    generator: Callable[[Tensor, Tensor], Tensor]
    reading: str


@dataclass(frozen=True, kw_only=True)
class PenaltySpec(Spec):
    """A penalty on the critic's gradient with respect to its input.

    The usual ones say only *where* the gradient is taken and what its length costs, so that the critic's forward pass
    is shared with the loss. One that needs more gives ``custom`` instead.

    Attributes:
        where: ``"real"``, ``"fake"``, ``"both"``, ``"between"`` (random points on the line from a real to a fake
            sample), ``"around"`` (real samples with noise) or ``"none"``.
        value: ``value(squared_norm [B], options) -> [B]``: cost of one sample's gradient, given its squared length.
        step: ``step(options) -> float`` where ``where`` is at real or generated samples: the squared length is then
            estimated by the difference of the scores after a random step of that standard deviation in every value, in
            the space networks see, and nothing is differentiated twice. None differentiates.
        custom: ``custom(critic, real, fake, rng, options) -> [B]``, used instead of the two above when given.
    """

    noun: ClassVar[str] = "penalty"

    where: Literal["none", "real", "fake", "both", "between", "around"] = "none"
    value: Callable[[Tensor, Any], Tensor] | None = None
    step: Callable[[Any], float] | None = None
    custom: Callable[[Any, Tensor, Tensor, Random, Any], Tensor] | None = None


class Likelihood(Protocol):
    """p(x | z): an ``nn.Module`` over a decoder's raw output."""

    def log_prob(self, x: Tensor, raw: Tensor) -> Tensor:
        """Log-likelihood [B] in nats of data ``x`` [B, *shape], summed over its values."""
        ...

    def mean(self, raw: Tensor) -> Tensor:
        """The expected data [B, *shape]: images in [0, 1]."""
        ...

    def sample(self, raw: Tensor, rng: Random) -> Tensor:
        """Data drawn from p(x | z) [B, *shape]."""
        ...


@dataclass(frozen=True, kw_only=True)
class LikelihoodSpec(Spec):
    """A likelihood for VAEs.

    Attributes:
        build: ``build(space, options) -> nn.Module`` that is a `Likelihood`.
        takes: What it asks of the data: by default nothing; ``"unit"`` for values from 0 to 1.
        discrete: Whether it treats data as probabilities of binary pixels (never compare its nats with densities).
    """

    noun: ClassVar[str] = "likelihood"

    build: Callable[[Space, Any], Any]
    takes: Taken = "any"
    discrete: bool = False
