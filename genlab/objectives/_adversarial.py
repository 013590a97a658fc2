"""The adversarial game that GAN and VAE-GAN share: one batched critic call, any loss, any penalty. No torch at import.

Gradient norms are measured in the space networks see (images in [-1, 1], points divided by their scale), which is
what published penalty weights refer to. With packing, "per sample" means per pack.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from genlab.errors import InputError
from genlab.objectives.base import LossSpec, PenaltySpec, Random, Terms
from genlab.options import Options, setting
from genlab.registry import Choice, FromRegistry, registry

if TYPE_CHECKING:
    from torch import Tensor, nn

    from genlab.networks.build import Critic, Parts

DRAGAN_NOISE = 0.5
"""Noise around real samples, as a share of the batch's standard deviation (Kodali et al. 2017)."""


class AdversarialOptions(Options):
    """Settings of the critic's game."""

    loss: Annotated[Choice, FromRegistry("losses")] = setting("relativistic", "loss of critic and generator")
    penalty: Annotated[Choice, FromRegistry("penalties")] = setting("r1_r2", "penalty on the critic's gradient")
    penalty_left: float = setting(
        1.0,
        "share of the penalty's weight left at the end: below 1 it decays exponentially, as R3GAN anneals gamma",
        gt=0,
        le=1,
        log=True,
        advanced=True,
    )
    penalty_every: int = setting(
        1,
        "critic updates from one penalty to the next, its weight raised as often: from 4 on a step costs less",
        unit="updates",
        ge=1,
        le=64,
        advanced=True,
    )
    critic_repeats: int = setting(1, "critic updates per generator update; 5 is usual for Wasserstein", ge=1, le=20)
    spectral_norm: bool = setting(False, "divide each critic weight by its largest singular value; usual for hinge")
    augment: Literal["none", "diffaugment"] = setting(
        "none", "augment real and generated images alike before the critic; helps with few images"
    )
    relaxation: Literal["softmax", "gumbel"] = setting(
        "softmax",
        "what the critic sees of generated symbols: their probabilities, or one drawn at each place whose gradient is "
        "that of the probabilities (Gumbel, straight through); for texts only",
        advanced=True,
    )
    augment_policy: list[Literal["colour", "translation", "cutout"]] = setting(
        ["colour", "translation", "cutout"], "which augmentations diffaugment applies", advanced=True
    )


class Adversary:
    """A critic with its loss, penalty and augmentation.

    Args:
        parts: Builds the critic.
        options: The settings.
        pack: Number of samples the critic looks at together.

    Raises:
        InputError: When augmentation is on and the data are no images, or a relaxation and they are no symbols.
    """

    def __init__(self, parts: Parts, options: AdversarialOptions, pack: int = 1) -> None:
        import torch

        if options.augment != "none" and not parts.space.spec.pixels:
            raise InputError(
                "Augmentation is for images.", f"Set augment to none for {parts.space.spec.many}.", kind="bad_value"
            )
        if options.relaxation != "softmax" and "symbols" not in parts.space.spec.gives:
            raise InputError(
                f"A relaxation is for data made of symbols, which {parts.space.spec.many} are not.",
                "Set relaxation to softmax.",
                kind="bad_value",
            )
        self.options, self.space, self.pack = options, parts.space, pack
        self.loss: LossSpec = registry("losses").get(options.loss.name)
        self.penalty: PenaltySpec = registry("penalties").get(options.penalty.name)
        self.critic: Critic = parts.critic(pack)
        if options.spectral_norm:
            _normalise(self.critic)
        self._policy = frozenset(options.augment_policy if options.augment == "diffaugment" else ())
        # A loss that ignores the real scores in the generator's turn is recognised by a finite answer to NaN.
        answer = self.loss.generator(torch.full((1,), torch.nan), torch.zeros(1))
        self._generator_sees_real = bool(answer.isnan().any())
        centred = self.space.centre(torch.tensor([0.0, 1.0]))
        self._slope = float(centred[1] - centred[0])

    def made(self, raw: Tensor, rng: Random) -> Tensor:
        """Data of a decoder's raw output [B, *shape], as the critic sees them.

        Straight through, a symbol is drawn at each place by the largest of Gumbel-perturbed logits, and the gradient is
        that of their softmax (Jang et al., Categorical reparameterization with Gumbel-softmax, 2017, section 2.2).
        """
        if self.options.relaxation == "softmax":
            return self.space.activate(raw)
        import torch

        uniform = rng.uniform(*raw.shape).clamp_min(torch.finfo(torch.float32).tiny)
        soft = (raw - (-uniform.log()).log()).softmax(dim=1)
        hard = torch.zeros_like(soft).scatter(1, soft.argmax(dim=1, keepdim=True), 1.0)
        return hard + soft - soft.detach()

    def whole_packs(self, tensor: Tensor) -> Tensor:
        """``tensor`` [B, ...] without the remainder that fills no pack.

        Raises:
            InputError: When the batch is smaller than one pack.
        """
        count = tensor.shape[0] - tensor.shape[0] % self.pack
        if not count:
            raise InputError(
                f"A batch of {tensor.shape[0]} is smaller than a pack of {self.pack}.",
                "Raise batch_size or lower pack.",
                kind="bad_value",
            )
        return tensor[:count]

    def critic_terms(
        self, real: Tensor, fakes: Sequence[Tensor], y: Tensor | None, rng: Random, progress: float = 0.0, turn: int = 0
    ) -> Terms:
        """The critic's loss [B], its penalty included; several kinds of fakes count equally.

        Args:
            real: Real data [B, *shape].
            fakes: Generated data, each [B, *shape]; no gradient reaches their makers.
            y: Class numbers [B], of real and generated data alike, or None.
            rng: Where noise comes from.
            progress: Share of the training done, which decides how much of the penalty is left.
            turn: Turns that the critic has had before; the penalty is due at every ``penalty_every``-th of them
                (lazy regularisation: Karras et al., StyleGAN2, 2020, section 3.1).
        """
        import torch

        every = self.options.penalty_every
        groups, due = [real, *(fake.detach() for fake in fakes)], turn % every == 0
        inputs = torch.cat(groups)
        at_samples = self.penalty.custom is None and self.penalty.where in {"real", "fake", "both"}
        inputs.requires_grad_(due and at_samples and self.penalty.step is None)
        draws = self._draws(len(real), len(groups), rng)
        scores = self._scores(inputs, y, draws, len(groups))
        real_scores, *fake_scores = scores.chunk(len(groups))
        loss = _mean([self.loss.critic(real_scores, fake) for fake in fake_scores])
        logs = {
            "score/real": real_scores.detach(),
            "score/fake": _mean(fake_scores).detach(),
            "score/sign_real": (real_scores.detach() > 0).to(loss.dtype),
        }
        if not due or (self.penalty.where == "none" and self.penalty.custom is None):
            return Terms(loss, logs)
        if at_samples:
            penalty, more = self._at_samples(
                self._squared_slopes(inputs, scores, y, draws, rng, len(groups)), len(groups)
            )
        else:
            penalty, more = self._elsewhere(groups, y, rng)
        if self.options.penalty_left < 1:
            penalty = penalty * self.options.penalty_left**progress
        if every > 1:
            penalty = penalty * every
        return Terms(loss + penalty, {**logs, **more, "penalty": penalty.detach()})

    def generator_loss(self, real: Tensor, fakes: Sequence[Tensor], y: Tensor | None, rng: Random) -> Tensor:
        """What the maker of ``fakes`` minimises [B]; arguments as for `critic_terms`, but gradients reach the maker."""
        import torch

        real_scores = None
        if self._generator_sees_real:
            with torch.no_grad():
                real_scores = self.scores(real, y, rng)
        fake_scores = self.scores(torch.cat(list(fakes)), y, rng, copies=len(fakes)).chunk(len(fakes))
        return _mean(
            [self.loss.generator(torch.zeros_like(f) if real_scores is None else real_scores, f) for f in fake_scores]
        )

    def scores(self, x: Tensor, y: Tensor | None, rng: Random, copies: int = 1) -> Tensor:
        """Scores of ``x``: ``copies`` groups of B samples that share the classes ``y`` [B]; augmented per sample."""
        return self._scores(x, y, self._draws(x.shape[0] // copies, copies, rng), copies)

    def _draws(self, batch: int, copies: int, rng: Random) -> Tensor | None:
        """What decides how each of ``copies`` groups of ``batch`` samples is augmented; None where none is."""
        import torch

        from genlab.objectives._augment import DRAWS

        return torch.cat([rng.uniform(batch, DRAWS) for _ in range(copies)]) if self._policy else None

    def _scores(self, x: Tensor, y: Tensor | None, draws: Tensor | None, copies: int) -> Tensor:
        if draws is not None:
            from genlab.objectives._augment import augment

            x = augment(x, draws, self._policy)
        scores: Tensor = self.critic(x, None if y is None else y.repeat(copies))
        return scores

    def _at_samples(self, squared: Tensor, groups: int) -> tuple[Tensor, dict[str, Tensor]]:
        """Penalty [B] from the squared slopes at real samples and at each of the other groups."""
        real, *fakes = squared.chunk(groups)
        cost, options = self.penalty.value, self.options.penalty.options
        assert cost is not None
        penalty = real.new_zeros(real.shape)
        if self.penalty.where in {"real", "both"}:
            penalty = penalty + cost(real, options)
        if self.penalty.where in {"fake", "both"}:
            penalty = penalty + _mean([cost(fake, options) for fake in fakes])
        logs = {"gradient/real": real.detach().sqrt(), "gradient/fake": _mean([f.detach().sqrt() for f in fakes])}
        return penalty, logs

    def _elsewhere(self, groups: Sequence[Tensor], y: Tensor | None, rng: Random) -> tuple[Tensor, dict[str, Tensor]]:
        """Penalty [B] that needs a critic call of its own."""
        real, *fakes = groups
        options = self.options.penalty.options
        if self.penalty.custom is not None:
            custom = self.penalty.custom
            return _mean([custom(lambda x: self.scores(x, y, rng), real, fake, rng, options) for fake in fakes]), {}
        cost = self.penalty.value
        assert cost is not None
        around = self.penalty.where == "around"
        places = [self._around(real, rng)] if around else [self._between(real, fake, rng) for fake in fakes]
        squared = [self._squared_gradient(x, self.scores(x, y, rng)) for x in (p.requires_grad_() for p in places)]
        norm = _mean([s.detach().sqrt() for s in squared])
        return _mean([cost(s, options) for s in squared]), {f"gradient/{self.penalty.where}": norm}

    def _between(self, real: Tensor, fake: Tensor, rng: Random) -> Tensor:
        share = rng.uniform(real.shape[0], *(1 for _ in self.space.shape))
        share = share[:: self.pack].repeat_interleave(self.pack, 0)
        return real + share * (fake - real)

    def _around(self, real: Tensor, rng: Random) -> Tensor:
        return real + DRAGAN_NOISE * real.std(correction=0) * rng.uniform(*real.shape)

    def _squared_slopes(
        self, inputs: Tensor, scores: Tensor, y: Tensor | None, draws: Tensor | None, rng: Random, groups: int
    ) -> Tensor:
        """Squared gradient norm of each score just computed, real and fake ones at once; or what a step says of it.

        The expected squared difference of the scores over a small normal step is the squared gradient norm times the
        step's variance (as in Seaweed, 2025, whose approximate R1 leaves the variance in the weight). A sample and
        its moved twin are augmented alike.
        """
        import torch

        if self.penalty.step is None:
            return self._squared_gradient(inputs, scores)
        step = self.penalty.step(self.options.penalty.options)
        noise = torch.cat([rng.normal(len(inputs) // groups, *inputs.shape[1:]) for _ in range(groups)])
        moved = inputs + step / self._slope * noise
        return ((self._scores(moved, y, draws, groups) - scores) / step).square()

    def _squared_gradient(self, inputs: Tensor, scores: Tensor) -> Tensor:
        """Squared gradient norm of each score [number of scores], in the space networks see."""
        import torch

        (gradient,) = torch.autograd.grad(scores.sum(), inputs, create_graph=True)
        return gradient.float().reshape(scores.shape[0], -1).square().sum(1) / self._slope**2


def _mean(tensors: Sequence[Tensor]) -> Tensor:
    total = tensors[0]
    for tensor in tensors[1:]:
        total = total + tensor
    return total / len(tensors) if len(tensors) > 1 else total


def _normalise(critic: nn.Module) -> None:
    """Spectral normalisation of every linear map (Miyato et al. 2018).

    A map that starts at zero, as the last one of a residual branch may, has no norm to divide by: it starts anew.
    """
    from torch import nn
    from torch.nn.utils.parametrizations import spectral_norm

    layers = [
        module for module in critic.modules() if isinstance(module, nn.Linear | nn.Conv1d | nn.Conv2d | nn.Conv3d)
    ]
    for layer in layers:
        if not layer.weight.any():
            layer.reset_parameters()
        spectral_norm(layer)
