"""What a trained model is worth, by one function for genlab and peer: its ELBO, or its samples' Fréchet distance."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from genlab.config import RunConfig
from genlab.lab import Lab
from genlab.models.generative import GenerativeModel
from genlab.objectives.base import Objective

FEATURES = 64
SAMPLES = 5_000
EPOCHS = 8
BATCH = 64
SEED = 7


class Classifier(nn.Module):
    """A small network for 28 x 28 grey pictures whose last hidden layer gives the features [B, 64]."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 16, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(16, 32, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(32 * 7 * 7, FEATURES),
            nn.ReLU(),
        )
        self.head = nn.Linear(FEATURES, classes)

    def forward(self, x: Tensor) -> Tensor:
        """Class logits [B, classes] of images [B, 1, 28, 28] in [0, 1]."""
        logits: Tensor = self.head(self.body(x))
        return logits


def train_items(lab: Lab, config: RunConfig) -> Tensor:
    """The training images in [0, 1], float32."""
    return _floats(lab.data.open(config.data).items("train"))


def held_out(lab: Lab, config: RunConfig) -> Tensor:
    """The test images in [0, 1], float32."""
    return _floats(lab.data.open(config.data).items("test"))


def as_model(objective: Objective) -> GenerativeModel:
    """The model made of an objective's players as they are now."""
    return GenerativeModel(objective.assemble(objective.players), objective.space, objective.latent_dim)


def score(task: Mapping[str, Any], model: GenerativeModel, real: Tensor) -> float:
    """``elbo`` (nats per held-out image) or ``frechet`` (between held-out images and 5,000 samples)."""
    if task["score"] == "elbo":
        return float(model.log_likelihood_bound(real, samples=1, seed=SEED).mean())
    classifier = Classifier(classes=10)
    classifier.load_state_dict(load_file(task["classifier"]))
    return frechet(features(classifier, real), features(classifier, model.sample(SAMPLES, seed=SEED)))


def train_classifier(lab: Lab, config: RunConfig, task: Mapping[str, Any]) -> dict[str, Any]:
    """Train the feature network on the training images with a fixed seed and save it.

    Returns:
        Its accuracy on the test images, and the distance between training and test images: the floor of any score.
    """
    started = time.perf_counter()
    torch.manual_seed(SEED)
    data = lab.data.open(config.data)
    x, real = train_items(lab, config), held_out(lab, config)
    y, wanted = (torch.from_numpy(np.array(data.labels(split))) for split in ("train", "test"))
    classifier = Classifier(classes=10)
    optimiser = torch.optim.AdamW(classifier.parameters(), lr=1e-3)
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(x)).split(BATCH):
            nn.functional.cross_entropy(classifier(x[rows]), y[rows]).backward()
            optimiser.step()
            optimiser.zero_grad()
    save_file(classifier.state_dict(), task["classifier"])
    with torch.no_grad():
        right = float((classifier(real).argmax(1) == wanted).float().mean())
    floor = frechet(features(classifier, real), features(classifier, x))
    return {"accuracy": right, "floor": floor, "seconds": time.perf_counter() - started}


@torch.no_grad()
def features(classifier: Classifier, images: Tensor) -> NDArray[np.float64]:
    """Features [N, 64] of images [N, 1, 28, 28]."""
    found: NDArray[np.float64] = torch.cat([classifier.body(part) for part in images.split(512)]).double().numpy()
    return found


def frechet(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Fréchet distance between the Gaussians fitted to features [N, F] and [M, F] (Heusel et al. 2017, equation 6)."""
    first, second = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    root = np.sqrt(np.clip(np.linalg.eigvals(first @ second).real, 0, None)).sum()
    means = np.square(a.mean(0) - b.mean(0)).sum()
    return float(means + np.trace(first) + np.trace(second) - 2 * root)


def _floats(items: NDArray[Any]) -> Tensor:
    return torch.from_numpy(np.array(items)).float().div_(255)
