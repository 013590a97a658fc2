"""An encoder for a model that has none, learned from the generator's own samples: the quick start of inversion."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from genlab.devices import OnDevice
from genlab.encoders.base import Progress
from genlab.errors import InputError
from genlab.latent._descent import side_by_side
from genlab.models.generative import GenerativeModel
from genlab.networks.build import Encoder, Parts
from genlab.registry import Choice, registry
from genlab.store import atomic
from genlab.training.seeding import derive, generator

IMAGES = 6_000
"""Samples that training sees by default: it only has to find where gradient descent begins."""

BATCH = 64
PIECES = 2
"""Parts of a batch that are computed side by side on the CPU."""

LEARNING_RATE = 2e-3
NOISE = 0.2
"""Most noise on a sample that the encoder sees, in standard deviations of pixels from 0 to 1: real images are not quite
the generator's, and an encoder that trusts single pixels would not find its way with them."""

PROBES = 256
CHUNK = 512
"""Items encoded at once on the CPU."""


@dataclass(frozen=True)
class Inverter:
    """An encoder from data to latents of one model, on a device; data and latents are on the CPU.

    Attributes:
        encoder: Its network, in evaluation mode.
        facts: ``images`` seen in training, ``latent_error`` and ``image_error`` on samples that it has not seen, both
            as shares of the variance (1: no better than the mean).
        there: The network where it computes.
    """

    encoder: Encoder
    facts: dict[str, Any]
    there: OnDevice

    @classmethod
    def of(cls, encoder: Encoder, facts: dict[str, Any], model: GenerativeModel) -> Inverter:
        """The inverter of ``model``, which computes where the model does."""
        encoder.eval().requires_grad_(False)
        return cls(encoder, facts, OnDevice([encoder], model.device))

    @torch.no_grad()
    def __call__(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """Latents [n, D] of data ``x`` [n, *shape], of classes ``y`` where the model is conditional."""
        found: Tensor = self.there(lambda part, classes: self.encoder(part, classes)[0], x, y, size=CHUNK)
        return found

    def save(self, path: Path) -> None:
        """Write it to ``path`` as safetensors, in one step."""
        weights = {name: tensor.cpu() for name, tensor in self.encoder.state_dict().items()}
        atomic.write_bytes(path, save(weights, {"genlab.inverter": json.dumps(self.facts)}))

    @classmethod
    def load(cls, path: Path, model: GenerativeModel) -> Inverter:
        """Read what `save` has written.

        Raises:
            InputError: When the file is damaged, or belongs to a model of another kind.
        """
        encoder = _new(model, 0)
        try:
            with safe_open(path, framework="pt") as stored:
                facts = json.loads((stored.metadata() or {})["genlab.inverter"])
                encoder.load_state_dict({name: stored.get_tensor(name) for name in stored.keys()})  # noqa: SIM118
        except (OSError, SafetensorError, RuntimeError, KeyError, ValueError) as error:
            raise InputError(
                f"The inverter {path.name} cannot be read, or is not this model's.",
                "Delete the file; it is then trained again.",
                kind="damaged_inverter",
            ) from error
        return cls.of(encoder, facts, model)


def train_inverter(
    model: GenerativeModel,
    images_seen: int = IMAGES,
    seed: int = 0,
    progress: Progress = lambda share, what: None,
) -> Inverter:
    """Learn to encode from latents and the pictures that the generator makes of them.

    After Zhu et al., Generative visual manipulation on the natural image manifold, 2016, section 3.2, with samples in
    the place of photographs. The loss is the latent's squared error and the squared error of the picture that it
    gives, each over its variance.

    Args:
        model: The generator.
        images_seen: Samples to learn from; rounded up to whole batches.
        seed: Of weights, samples and noise.
        progress: Told how far it is; may raise to cancel.
    """
    return model.whole(lambda: _trained(model, images_seen, seed, progress))


def _trained(model: GenerativeModel, images_seen: int, seed: int, progress: Progress) -> Inverter:
    """`train_inverter` where the model is now."""
    device = model.device
    steps = max(1, -(-images_seen // BATCH))
    encoder = _new(model, seed).to(device)
    rng = generator(seed, "inverter samples")
    spread = float(model.sample(PROBES, seed).var(dim=0).mean()) or 1.0
    parameters = list(encoder.parameters())
    optimiser = torch.optim.Adam(parameters, LEARNING_RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, LEARNING_RATE, total_steps=steps + 1)

    def gradients(part: Draw) -> tuple[Tensor, ...]:
        return torch.autograd.grad(_loss(model, encoder, part, spread), parameters)

    pieces = PIECES if device.type == "cpu" else 1
    with side_by_side(device) as apply:
        for step in range(steps):
            if step % 8 == 0:
                progress(step / steps, "training the inverter")
            found = apply(gradients, Draw.of(model, BATCH, rng).to(device).pieces(pieces))
            for parameter, *of_pieces in zip(parameters, *found, strict=True):
                parameter.grad = torch.stack(of_pieces).mean(dim=0)
            optimiser.step()
            schedule.step()
    encoder.eval().requires_grad_(False)
    return Inverter.of(encoder, {"images": steps * BATCH, **_judge(model, encoder, spread, seed)}, model)


@dataclass(frozen=True)
class Draw:
    """What a batch is made of: latents [n, D], classes [n] or None, and noise [n, *shape]."""

    z: Tensor
    y: Tensor | None
    noise: Tensor

    @classmethod
    def of(cls, model: GenerativeModel, n: int, rng: torch.Generator) -> Draw:
        """From the prior."""
        z = torch.randn(n, model.latent_dim, generator=rng)
        y = torch.randint(model.space.classes, (n,), generator=rng) if model.space.classes else None
        strength = NOISE * torch.rand(n, *[1] * len(model.image_shape), generator=rng)
        return cls(z, y, strength * torch.randn(n, *model.image_shape, generator=rng))

    def to(self, device: torch.device) -> Draw:
        """The same on ``device``."""
        return Draw(self.z.to(device), None if self.y is None else self.y.to(device), self.noise.to(device))

    def pieces(self, n: int) -> list[Draw]:
        """``n`` equal parts, as many whatever the number of cores, so that the result does not depend on it."""
        return [Draw(self.z[i::n], None if self.y is None else self.y[i::n], self.noise[i::n]) for i in range(n)]


def _loss(model: GenerativeModel, encoder: Encoder, draw: Draw, spread: float) -> Tensor:
    with torch.no_grad():
        picture = model.decode_with_gradient(draw.z, draw.y)
    found, _ = encoder(model.space.clip(picture + draw.noise * model.space.scale), draw.y)
    again = model.decode_with_gradient(found, draw.y)
    loss: Tensor = (found - draw.z).square().mean() + (again - picture).square().mean() / spread
    return loss


@torch.no_grad()
def _judge(model: GenerativeModel, encoder: Encoder, spread: float, seed: int) -> dict[str, float]:
    """Errors on samples without noise."""
    draw = Draw.of(model, PROBES, generator(seed, "inverter probes")).to(model.device)
    picture = model.decode_with_gradient(draw.z, draw.y)
    found, _ = encoder(picture, draw.y)
    again = model.decode_with_gradient(found, draw.y)
    latent, image = (found - draw.z).square().mean(), (again - picture).square().mean() / spread
    return {"latent_error": float(latent), "image_error": float(image)}


def _new(model: GenerativeModel, seed: int) -> Encoder:
    name = model.space.spec.network
    network = Choice(name=name, options=registry("networks").get(name).Options())
    # New networks draw random numbers, which must not be missing elsewhere.
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(derive(seed, "inverter"))
        encoder = Parts(model.space, model.latent_dim, network).encoder()
        # A latent is wanted from the first step on, not a posterior that begins at the prior.
        nn.init.normal_(encoder.head.weight, std=0.05)
    return encoder
