"""A network that restores corrupted items, with a critic or without: pix2pix, SRGAN, or plain regression.

The critic sees pairs, what was given beside what was made or true, so that it asks for a restoration of this item and
not for any true one (Isola et al. 2017, equation 4). Without a critic the mean (or the median) of all that fits wins.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import TYPE_CHECKING, Annotated, Any, Literal

from genlab.errors import InputError
from genlab.objectives import _corrupted as corrupted
from genlab.objectives._adversarial import AdversarialOptions, Adversary
from genlab.objectives._variational import mean_squared_error
from genlab.objectives.base import Assembly, Batch, Objective, ObjectiveSpec, Random, Terms
from genlab.options import setting
from genlab.registry import Choice, FromRegistry
from genlab.space import Space

if TYPE_CHECKING:
    from torch import Tensor, nn

    from genlab.networks.build import Parts

PAIR = 2
"""Items that the critic looks at together: what was given, and what was made of it."""


class RestorerOptions(AdversarialOptions):
    """Settings of the restorer."""

    corruption: Annotated[Choice, FromRegistry("corruptions")] = corrupted.corruption(
        "noise", "what is done to items, and to be undone"
    )
    corruption_least: float = corrupted.least()
    distance: Literal["l1", "l2"] = setting(
        "l1", "error of a restored item: absolute (as in pix2pix), or squared, whose best answer is the mean"
    )
    adversarial: float = setting(
        0.01,
        "weight of the critic beside the error; 0 trains without one: the smallest error, and blurred",
        ge=0,
        le=100,
        log=True,
    )


class Restorer(Objective):
    """Critic and generator, or the generator alone.

    Args:
        parts: Builds the networks.
        options: The settings.

    Raises:
        InputError: When the corruption does not suit the data.
    """

    def __init__(self, parts: Parts, options: RestorerOptions) -> None:
        check(options, parts.space)
        self.options = options
        self.space, self.latent_dim = parts.space, parts.latent_dim
        self.corrupt = corrupted.Corrupter(options, parts.space)
        self.adversary = Adversary(parts, options, PAIR) if options.adversarial else None
        self.generator = parts.translator()
        critic: dict[str, nn.Module] = {"critic": self.adversary.critic} if self.adversary else {}
        self.players: Mapping[str, nn.Module] = {**critic, "generator": self.generator}
        self.repeats: Mapping[str, int] = {"critic": options.critic_repeats} if self.adversary else {}
        self.averaged = ("generator",)

    def terms(self, player: str, batch: Batch, rng: Random) -> Terms:
        """The player's loss per item [B]."""
        import torch

        given = self.corrupt(batch.x, rng)
        twice = None if batch.y is None else batch.y.repeat_interleave(PAIR)
        if player == "critic":
            assert self.adversary is not None
            with torch.no_grad():
                made = self._restore(given, batch.y)
            true, fake = _pairs(given, batch.x), _pairs(given, made)
            return self.adversary.critic_terms(true, [fake], twice, rng, batch.progress, batch.turn)
        made = self._restore(given, batch.y)
        error = ((made - batch.x) / self.space.span).flatten(1)
        loss = error.abs().mean(1) if self.options.distance == "l1" else error.square().mean(1)
        before = mean_squared_error(batch.x, given)
        logs = {"restoration/mse": mean_squared_error(batch.x, made.detach()), "restoration/given": before}
        if self.adversary is not None:
            true, fake = _pairs(given, batch.x), _pairs(given, made)
            judged = self.adversary.generator_loss(true, [fake], twice, rng)
            loss, logs["adversarial/generator"] = loss + self.options.adversarial * judged, judged.detach()
        return Terms(loss, logs)

    def assemble(self, players: Mapping[str, nn.Module]) -> Assembly:
        """The generator restores; its critic, which sees pairs, scores no item alone and is not part of the model."""
        return Assembly(restorer=players["generator"])

    def show(self, assembly: Assembly, batch: Batch, rng: Random) -> tuple[Tensor, ...]:
        """What is left of items, what is made of it, and the items."""
        given = self.corrupt(batch.x, rng)
        restorer: Any = assembly.restorer
        return given, self.space.activate(restorer(given, batch.y)), batch.x

    def _restore(self, given: Tensor, y: Tensor | None) -> Tensor:
        return self.space.activate(self.generator(given, y))


def check(options: RestorerOptions, space: Space) -> None:
    """Refuse data that cannot be corrupted so, a corruption that leaves nothing to restore, and unlike augmentations.

    Raises:
        InputError: With the reason.
    """
    corrupted.check(options, space)
    if not corrupted.Corrupter(options, space).changes:
        raise InputError(
            "Without a corruption there is nothing to restore.", "Set corruption to another one.", kind="bad_value"
        )
    if options.augment != "none":
        raise InputError(
            "The restorer's critic sees pairs, which augmentation would tear apart.",
            "Set augment to none.",
            kind="bad_value",
        )


def _pairs(given: Tensor, x: Tensor) -> Tensor:
    """Items [B, *shape] one after another with what belongs to them, [2 B, *shape], as the critic takes packs."""
    import torch

    return torch.stack([given, x], 1).flatten(0, 1)


SPEC = ObjectiveSpec(
    title="Restorer",
    summary="Undoes a corruption in one pass, with a critic on pairs or without; draws no samples",
    paper="Isola et al., Image-to-Image Translation with Conditional Adversarial Networks, 2017, equation 4; Ledig et "
    "al., Photo-Realistic Single Image Super-Resolution Using a Generative Adversarial Network, 2017",
    Options=RestorerOptions,
    family="item_to_item",
    build=Restorer,
    latent=lambda shape: prod(shape),
    settings={
        "network": {"name": "conv", "full_resolution": 8},
        "optimiser": {"lr": 1e-3, "beta1": 0.5, "beta2": 0.99, "schedule": "cosine"},
    },
    passes=(16, 8),
    check=check,
    diagram=(
        ("data", "corruption", "x"),
        ("corruption", "generator", "what is left"),
        ("generator", "restored", "G(y)"),
        ("restored", "critic", "fake pair"),
        ("data", "critic", "true pair"),
        ("critic", "generator", "gradient"),
        ("data", "restored", "error"),
    ),
)
