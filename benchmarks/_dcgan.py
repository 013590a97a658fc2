"""The peer for GANs: a plain PyTorch loop as DCGAN tutorials write it, around genlab's generator and critic.

A data set that decodes item by item, a DataLoader, separate critic passes for real and generated images, binary
cross-entropy, and five numbers read back from the device at every step. It writes no pictures and no checkpoints.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

from benchmarks._score import as_model, held_out, score
from genlab.config import RunConfig
from genlab.lab import Lab
from genlab.models.factory import build_objective


class Pictures(Dataset[Tensor]):
    """Grey uint8 images [N, 1, H, W], each transformed when it is asked for, as torchvision's MNIST does it."""

    def __init__(self, items: NDArray[np.uint8]) -> None:
        self.items = items
        self.transform = transforms.ToTensor()

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> Tensor:
        picture: Tensor = self.transform(Image.fromarray(self.items[index, 0]))
        return picture


def train(lab: Lab, config: RunConfig, task: Mapping[str, Any]) -> dict[str, Any]:
    """Time the epochs (the first batch's start-up of loader processes included) and score the generator."""
    data, workers = lab.data.open(config.data), int(task["workers"])
    objective: Any = build_objective(config, data.space())
    torch.manual_seed(config.training.seed)
    loader = DataLoader(
        Pictures(np.array(data.items("train"))),
        batch_size=config.training.batch_size,
        shuffle=True,
        num_workers=workers,
        persistent_workers=workers > 0,
    )
    started = time.perf_counter()
    images = _epochs(objective, loader, config, int(task["epochs"]))
    seconds = time.perf_counter() - started
    return {"images": images, "seconds": seconds, "score": score(task, as_model(objective), held_out(lab, config))}


def _epochs(objective: Any, loader: DataLoader[Tensor], config: RunConfig, epochs: int) -> int:
    critic, generator, space = objective.players["critic"], objective.players["generator"], objective.space
    critic_optimiser, generator_optimiser = _optimiser(critic, config), _optimiser(generator, config)
    criterion = nn.BCEWithLogitsLoss()
    history: list[tuple[float, ...]] = []
    images = 0
    for _ in range(epochs):
        for real in loader:
            size = len(real)
            ones, zeros = torch.ones(size), torch.zeros(size)

            critic.zero_grad()
            on_real = critic(real)
            real_loss = criterion(on_real, ones)
            real_loss.backward()
            fake = space.activate(generator(torch.randn(size, config.latent_dim)))
            on_fake = critic(fake.detach())
            fake_loss = criterion(on_fake, zeros)
            fake_loss.backward()
            critic_optimiser.step()

            generator.zero_grad()
            after = critic(fake)
            generator_loss = criterion(after, ones)
            generator_loss.backward()
            generator_optimiser.step()

            losses = ((real_loss + fake_loss).item(), generator_loss.item())
            scores = (on_real.mean().item(), on_fake.mean().item(), after.mean().item())
            history.append((*losses, *scores))
            images += size
    if not np.isfinite(history).all():
        raise RuntimeError("The DCGAN loop diverged.")
    return images


def _optimiser(module: nn.Module, config: RunConfig) -> torch.optim.Optimizer:
    chosen = config.optimiser
    return torch.optim.AdamW(
        module.parameters(),
        lr=chosen.lr,
        betas=(chosen.beta1, chosen.beta2),
        weight_decay=chosen.weight_decay,
        fused=True,
    )
