"""The peer for VAEs: pythae's own trainer and VAE around genlab's encoder and decoder."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping
from typing import Any

import torch
from pythae.data.datasets import BaseDataset
from pythae.models import VAE, VAEConfig
from pythae.models.base.base_utils import ModelOutput
from pythae.models.nn import BaseDecoder, BaseEncoder
from pythae.trainers import BaseTrainer, BaseTrainerConfig
from torch import Tensor, nn

from benchmarks._score import as_model, held_out, score, train_items
from genlab.config import RunConfig
from genlab.lab import Lab
from genlab.models.factory import build_objective


class Encoder(BaseEncoder):  # type: ignore[misc]
    """genlab's encoder under pythae's names."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, x: Tensor) -> ModelOutput:
        """Mean and log-variance of the posterior, each [B, D]."""
        mean, log_variance = self.encoder(x)
        return ModelOutput(embedding=mean, log_covariance=log_variance)


class Decoder(BaseDecoder):  # type: ignore[misc]
    """genlab's decoder under pythae's names, with the sigmoid that pythae expects."""

    def __init__(self, decoder: nn.Module) -> None:
        super().__init__()
        self.decoder = decoder

    def forward(self, z: Tensor) -> ModelOutput:
        """Probability of a white pixel [B, C, H, W]."""
        return ModelOutput(reconstruction=self.decoder(z).sigmoid())


def train(lab: Lab, config: RunConfig, task: Mapping[str, Any]) -> dict[str, Any]:
    """Time ``BaseTrainer.train`` (its construction, with a trial batch, is left out) and score the result."""
    x = train_items(lab, config)
    objective: Any = build_objective(config, lab.data.open(config.data).space())
    wrapped = VAEConfig(input_dim=tuple(x.shape[1:]), latent_dim=config.latent_dim, reconstruction_loss="bce")
    model = VAE(wrapped, encoder=Encoder(objective.encoder), decoder=Decoder(objective.decoder))
    chosen = config.optimiser
    with tempfile.TemporaryDirectory() as folder:
        settings = BaseTrainerConfig(
            output_dir=folder,
            num_epochs=task["epochs"],
            per_device_train_batch_size=config.training.batch_size,
            learning_rate=chosen.lr,
            optimizer_cls="AdamW",
            optimizer_params={
                "betas": (chosen.beta1, chosen.beta2),
                "weight_decay": chosen.weight_decay,
                "fused": True,
            },
            seed=config.training.seed,
            no_cuda=True,
        )
        trainer = BaseTrainer(model, BaseDataset(x, torch.zeros(len(x))), training_config=settings)
        started = time.perf_counter()
        trainer.train()
        seconds = time.perf_counter() - started
    result = score(task, as_model(objective), held_out(lab, config))
    return {"images": task["epochs"] * len(x), "seconds": seconds, "score": result}
