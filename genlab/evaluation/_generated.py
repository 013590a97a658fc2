"""One latent through generator and critic, and the gradient of the generator's loss back to picture and latent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from genlab.config import RunConfig
from genlab.evaluation._held_items import HeldItems, as_pictures, as_text, told
from genlab.evaluation._layers import ShownLayers, layers, signed_bytes, watched
from genlab.models.generative import GenerativeModel
from genlab.objectives.base import LossSpec
from genlab.registry import Choice, registry

SAMPLES = 6


@dataclass(frozen=True)
class Generated:
    """Samples, and what the critic makes of them.

    Attributes:
        z: Latents [n, D].
        y: Class numbers [n] of a conditional model.
        items: Public values [n, *shape].
        decoded: Layers of the decoder.
        judged: Layers of the critic, where there is one.
        scores: Of the samples [n].
        losses: What the generator minimises [n], each sample beside one real item.
        by_item: Gradient of that loss with respect to the sample [n, *shape].
        by_latent: Gradient with respect to the latent [n, D].
    """

    z: Tensor
    y: Tensor | None
    items: Tensor
    decoded: ShownLayers
    judged: ShownLayers | None = None
    scores: Tensor | None = None
    losses: Tensor | None = None
    by_item: Tensor | None = None
    by_latent: Tensor | None = None


def latents(model: GenerativeModel, seed: int, count: int) -> tuple[Tensor, Tensor | None]:
    return model.sample_latents(count, seed), model.labels(count)


def generate(model: GenerativeModel, config: RunConfig, held: HeldItems | None, seed: int) -> Generated:
    z, y = latents(model, seed, SAMPLES)
    items, seen = watched(model.assembly.sampler, lambda: model.decode(z, y))
    decoded, critic, loss = layers(seen), model.assembly.critic, loss_of(config)
    if critic is None or held is None or not len(held.items):
        return Generated(z, y, items, decoded)
    scores, looked = watched(critic, lambda: model.critic_scores(items, y))
    if loss is None:
        return Generated(z, y, items, decoded, layers(looked), scores)
    real = model.critic_scores(_beside(held.items), told(model.space, _paired(held.labels)))
    losses, by_item, by_latent = gradients(model, loss, z, y, real)
    return Generated(z, y, items, decoded, layers(looked), scores, losses, by_item, by_latent)


def gradients(
    model: GenerativeModel, loss: LossSpec, z: Tensor, y: Tensor | None, real: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """The generator's loss [n] of latents [n, D], and its gradients with respect to samples and latents.

    Args:
        model: With a critic.
        loss: The adversarial loss.
        z: Latents.
        y: Class numbers [n] of a conditional model.
        real: Scores [n] of the real items beside which the samples stand. A packed critic sees copies of each sample.
    """
    critic: Any = model.assembly.critic
    pack = int(getattr(critic, "pack", 1))

    def work() -> tuple[Tensor, Tensor, Tensor]:
        device = model.device
        at, classes = z.detach().to(device, copy=True).requires_grad_(True), None if y is None else y.to(device)
        with torch.enable_grad():
            items = model.decode_with_gradient(at, classes)
            paired = None if classes is None else classes.repeat_interleave(pack)
            losses = loss.generator(real.to(device), critic(items.repeat_interleave(pack, dim=0), paired))
            by_item, by_latent = torch.autograd.grad(losses.sum(), (items, at))
        return losses.detach().cpu(), by_item.cpu(), by_latent.cpu()

    return model.whole(work)


def followed_samples(
    model: GenerativeModel, held: HeldItems | None, made: Generated, dimensions: list[int]
) -> list[dict[str, Any]]:
    """What is kept of each sample; the gradient is turned round, so that it points where the loss falls."""
    pictures = as_pictures(made.items, model.space)
    found: list[dict[str, Any]] = []
    for place in range(len(made.z)):
        label = None if made.y is None else int(made.y[place])
        sample: dict[str, Any] = {
            "z": made.z[place, dimensions].tolist(),
            "label": held.name(label) if held is not None else None if label is None else str(label),
            "layers": as_text(made.decoded.items[place]) if made.decoded.items else "",
            "picture": pictures[place],
            **{"score": None, "critic_layers": "", "against": None, "loss": None},
            **{"gradient": None, "largest": None, "pull": [], "length": None},
        }
        if made.scores is not None and made.judged is not None:
            sample |= {
                "score": float(made.scores[place]),
                "critic_layers": as_text(made.judged.items[place]) if made.judged.items else "",
            }
        if made.losses is not None and made.by_item is not None and made.by_latent is not None and held is not None:
            back, largest = -made.by_item[place], float(made.by_item[place].abs().max())
            sample |= {
                "against": place % len(held.items),
                "loss": float(made.losses[place]),
                "gradient": as_text(signed_bytes(back.mean(0))) if model.space.spec.pixels else None,
                "largest": largest,
                "pull": (-made.by_latent[place, dimensions]).tolist(),
                "length": float(made.by_latent[place].norm()),
            }
        found.append(sample)
    return found


def loss_of(config: RunConfig) -> LossSpec | None:
    """The adversarial loss of a configuration; None where it has none."""
    found: LossSpec | None = chosen_entry(config, "loss", "losses")
    return found


def chosen_entry(config: RunConfig, setting: str, entries: str) -> Any:
    """The entry that a setting of the model chooses; None where there is no such setting or entry."""
    chosen = getattr(config.model.options, setting, None)
    if isinstance(chosen, Choice) and chosen.name in registry(entries):
        return registry(entries).get(chosen.name)
    return None


def title(entry: Any) -> str:
    return "" if entry is None else str(entry.title)


def _beside(items: Tensor) -> Tensor:
    """One real item for each sample."""
    return items[torch.arange(SAMPLES) % len(items)]


def _paired(labels: Tensor | None) -> Tensor | None:
    return None if labels is None else _beside(labels)
