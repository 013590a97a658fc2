"""Training and keeping the in-domain encoder."""

from __future__ import annotations

import hashlib
import json
from math import ceil, prod
from pathlib import Path
from typing import Any

import numpy as np
import torch
from filelock import FileLock
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional as F

from genlab.devices import OnDevice
from genlab.encoders.base import Encoded, EncoderTask
from genlab.kinds.base import as_public
from genlab.store.atomic import read_json, write_folder, write_json

DIM = 128
WIDTHS = (32, 64, 128)
SMALLEST = 8
"""The picture is halved until it is no larger than this."""

SEED = 0
BATCH = 128
LEARNING_RATE = 2e-3
PASSES = 12
FEWEST, MOST = 40_000, 240_000
"""Images that training sees: `PASSES` over the training items, but within these."""

SHIFT = 2
"""Training items are moved by up to so many pixels, so that features do not know single ones."""

CHUNK = 512
"""Images encoded at once on the CPU."""

WEIGHTS, FACTS = "model.safetensors", "facts.json"


class OverTime(nn.Module):
    """A convolution over three axes, as one over pictures that hold a frame, the one before and the next.

    [n, C, T, H, W] -> [n, outputs, ...]; `torch.nn.Conv3d` computes the same, but its gradient for the weights is now
    and then not finite on a CPU (PyTorch 2.14.1, oneDNN).
    """

    def __init__(self, inputs: int, outputs: int, kernel: int, *, stride: int, padding: int, bias: bool) -> None:
        super().__init__()
        self.kernel, self.stride, self.padding = kernel, stride, padding
        self.pictures = nn.Conv2d(kernel * inputs, outputs, kernel, stride, padding, bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        count, frames = x.shape[0], x.shape[2] + 2 * self.padding - self.kernel + 1
        padded = F.pad(x, (0, 0, 0, 0, self.padding, self.padding))
        beside = [padded[:, :, start : start + frames : self.stride] for start in range(self.kernel)]
        pictures = torch.cat(beside, dim=1).transpose(1, 2).flatten(0, 1)
        out: Tensor = self.pictures(pictures).unflatten(0, (count, -1)).transpose(1, 2)
        return out


CONVOLUTIONS: tuple[type[nn.Module], ...] = (nn.Conv1d, nn.Conv2d, OverTime)
NORMS: tuple[type[nn.Module], ...] = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)
"""By number of axes beside the channels."""


class Network(nn.Module):
    """Raw features [n, DIM] of items [n, C, ...] in [0, 1], and what the head makes of them.

    It convolves over every axis but the first: over [C, H, W] of an image, over [C, T, H, W], over [V, L].

    Args:
        shape: Shape of an item, its channels first.
        classes: Classes that the head tells apart; 0 for a head that draws the image again.
    """

    def __init__(self, shape: tuple[int, ...], classes: int) -> None:
        super().__init__()
        self.scale: Tensor
        channels, *sides = shape
        convolution, norm = CONVOLUTIONS[len(sides) - 1], NORMS[len(sides) - 1]
        halvings = max(1, ceil(np.log2(max(sides) / SMALLEST)))
        layers: list[nn.Module] = []
        for step in range(halvings):
            wide = WIDTHS[min(step, len(WIDTHS) - 1)]
            layers += [convolution(channels, wide, 3, stride=2, padding=1, bias=False), norm(wide), nn.ReLU()]
            channels, sides = wide, [ceil(side / 2) for side in sides]
        self.trunk = nn.Sequential(*layers, nn.Flatten(), nn.Linear(channels * prod(sides), DIM))
        self.register_buffer("scale", torch.ones(()))
        size = int(np.prod(shape))
        self.head: nn.Module = (
            nn.Sequential(nn.ReLU(), nn.Dropout(0.25), nn.Linear(DIM, classes))
            if classes
            else nn.Sequential(nn.ReLU(), nn.Linear(DIM, 4 * DIM), nn.ReLU(), nn.Linear(4 * DIM, size), nn.Sigmoid())
        )

    def forward(self, x: Tensor) -> Tensor:
        """The head's output."""
        out: Tensor = self.head(self.trunk(x * 2 - 1))
        return out


class InDomain:
    """The trained encoder of one data set.

    Args:
        network: Its network.
        task: The data set.
        facts: What is known of it.
    """

    def __init__(self, network: Network, task: EncoderTask, facts: dict[str, Any]) -> None:
        self.identity = str(facts["hash"])
        self.facts = facts
        self._network = network.eval().requires_grad_(False)
        self._task = task
        self._there = OnDevice([network])
        self.portion = self._there.portion(CHUNK)

    @torch.inference_mode()
    def __call__(self, items: NDArray[np.float32]) -> Encoded:
        """Features and, of a classifier, probabilities of images [n, C, H, W] in [0, 1]."""
        features, probabilities = self._there(self._part, items, size=CHUNK)
        return Encoded(features.numpy(), probabilities.numpy() if self._task.classes else None)

    def _part(self, images: Tensor) -> tuple[Tensor, Tensor]:
        channels = images.shape[1] if self._task.channel_classes else 1
        raw = self._network.trunk(_single(images, self._task) * 2 - 1)
        features = (raw / self._network.scale).reshape(len(images), -1)
        if not self._task.classes:
            return features, features
        probabilities = self._network.head(raw).softmax(dim=1).reshape(len(images), channels, -1)
        joint = probabilities[:, 0]
        for channel in range(1, channels):
            joint = (joint[:, :, None] * probabilities[:, channel, None, :]).flatten(1)
        return features, joint


def load_or_train(task: EncoderTask, version: int) -> InDomain:
    """The encoder kept in ``task.folder``, or a new one, which is then kept there."""
    recipe = [version, task.fingerprint, task.shape, task.classes, task.channel_classes]
    key = hashlib.sha256(json.dumps(recipe).encode()).hexdigest()[:12]
    path = task.folder / f"in-domain-{key}"
    task.folder.mkdir(parents=True, exist_ok=True)
    # New networks draw random numbers, which must not be missing elsewhere.
    with FileLock(task.folder / f"{path.name}.lock"), torch.random.fork_rng(devices=[]):
        if not (path / FACTS).is_file():
            _train_into(path, task)
        return _load(path, task)


def _load(path: Path, task: EncoderTask) -> InDomain:
    network = _new(task)
    network.load_state_dict(load_file(path / WEIGHTS))
    return InDomain(network, task, read_json(path / FACTS) or {})


def _train_into(path: Path, task: EncoderTask) -> None:
    there = OnDevice()
    network, judged = there.whole(lambda: _trained(task, there.device))
    facts = {"dim": DIM * _channels(task), "train": len(task.train), **judged}

    def fill(folder: Path) -> None:
        save_file({name: tensor.cpu() for name, tensor in network.state_dict().items()}, folder / WEIGHTS)
        digest = hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()[:16]
        write_json(folder / FACTS, {**facts, "hash": digest})

    write_folder(path, fill)


def _trained(task: EncoderTask, device: torch.device) -> tuple[Network, dict[str, float]]:
    """A network trained on ``device`` from fresh weights, and how well it does; the same every time."""
    torch.manual_seed(SEED)
    network = _fit(_new(task).to(device), task, device)
    return network, _judge(network, task, device)


def _fit(network: Network, task: EncoderTask, device: torch.device) -> Network:
    labels = _targets(task.train_labels, task)
    images = int(np.clip(PASSES * len(task.train), FEWEST, MOST))
    steps = ceil(images / BATCH)
    optimiser = torch.optim.AdamW(network.parameters(), LEARNING_RATE, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, LEARNING_RATE, total_steps=steps)
    order = np.random.default_rng(SEED)
    for step in range(steps):
        index = np.sort(order.choice(len(task.train), size=min(BATCH, len(task.train)), replace=False))
        x = _images(task.train[index], task).to(device)
        y = None if labels is None else torch.as_tensor(labels[index]).reshape(-1).to(device)
        loss = _loss(network, _moved(x, order), y)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if step % 16 == 0:
            task.progress(step / steps, "training the feature extractor on this data")
    return _scaled(network.eval(), task, device)


@torch.inference_mode()
def _scaled(network: Network, task: EncoderTask, device: torch.device) -> Network:
    """Note the size of the features, so that distances are of the order of 1 whatever the data are."""
    some = np.linspace(0, len(task.train) - 1, min(CHUNK, len(task.train))).astype(np.int64)
    features = network.trunk(_images(task.train[some], task).to(device) * 2 - 1)
    network.scale = features.var(dim=0).mean().sqrt().clamp_min(1e-6)
    return network


def _loss(network: Network, x: Tensor, y: Tensor | None) -> Tensor:
    out = network(x)
    return F.mse_loss(out, x.flatten(1)) if y is None else F.cross_entropy(out, y)


@torch.inference_mode()
def _judge(network: Network, task: EncoderTask, device: torch.device) -> dict[str, float]:
    """How well it does on held-out items: accuracy of a classifier, mean squared error of an autoencoder."""
    labels = _targets(task.test_labels, task)
    found = []
    for start in range(0, len(task.test), CHUNK):
        x = _images(task.test[start : start + CHUNK], task).to(device)
        if labels is None:
            found.append((network(x) - x.flatten(1)).square().mean(dim=1))
        else:
            y = torch.as_tensor(labels[start : start + CHUNK]).reshape(-1).to(device)
            found.append((network(x).argmax(dim=1) == y).float())
    return {"error" if labels is None else "accuracy": float(torch.cat(found).mean())}


def _new(task: EncoderTask) -> Network:
    shape = (1, *task.shape[1:]) if task.channel_classes else task.shape
    return Network(shape, task.channel_classes or task.classes)


def _channels(task: EncoderTask) -> int:
    return task.shape[0] if task.channel_classes else 1


def _images(stored: NDArray[Any], task: EncoderTask) -> Tensor:
    """Stored items as the network takes them: in [0, 1]."""
    return _single(torch.from_numpy(as_public(np.array(stored))), task)


def _single(images: Tensor, task: EncoderTask) -> Tensor:
    """Every channel as a picture of its own, where that is what it is."""
    return images.reshape(-1, 1, *images.shape[2:]) if task.channel_classes else images


def _targets(labels: NDArray[np.int64] | None, task: EncoderTask) -> NDArray[np.int64] | None:
    """Class numbers [n], or of each channel [n, C]; None for an autoencoder."""
    if labels is None or not task.classes:
        return None
    if not task.channel_classes:
        return labels
    places = [task.channel_classes ** (task.shape[0] - 1 - channel) for channel in range(task.shape[0])]
    return np.stack([labels // place % task.channel_classes for place in places], axis=1)


def _moved(images: Tensor, rng: np.random.Generator) -> Tensor:
    """A batch moved by up to `SHIFT` pixels, the edge repeated; sequences [n, V, L] stay where they are."""
    down, right = rng.integers(0, 2 * SHIFT + 1, size=2)
    if images.ndim < 4:
        return images
    padded = F.pad(images, (SHIFT, SHIFT, SHIFT, SHIFT, *(0, 0) * (images.ndim - 4)), mode="replicate")
    return padded[..., down : down + images.shape[-2], right : right + images.shape[-1]]
