"""Flow matching: a network learns the velocity on straight lines from noise to data; sampling follows it."""

from itertools import pairwise
from math import prod

from genlab.objectives.base import Assembly, Objective, ObjectiveSpec, Terms
from genlab.options import Options, setting

EDGE = 1e-3
"""How close to black and white an image may come, whose raw values are logits."""


class FlowMatchingOptions(Options):
    """Settings of flow matching."""

    width: int = setting(128, "units of a hidden layer", ge=2, le=2_048, unit="units")
    layers: int = setting(3, "hidden layers", ge=1, le=8)
    steps: int = setting(8, "steps from noise to an item", ge=1, le=200)


def build(parts, options):
    """The objective for ``parts.space``."""
    import torch
    from torch import nn

    space = parts.space

    class Flow(nn.Module):
        """Latents [B, D], as large as an item, -> raw output [B, *shape]."""

        def __init__(self):
            super().__init__()
            sizes = [space.size + 1 + space.classes, *[options.width] * options.layers]
            hidden = [layer for a, b in pairwise(sizes) for layer in (nn.Linear(a, b), nn.SiLU())]
            self.velocity = nn.Sequential(*hidden, nn.Linear(sizes[-1], space.size))

        def at(self, x, t, y):
            """The velocity [B, D] at places [B, D] and times [B, 1]."""
            given = [x, t] if y is None else [x, t, nn.functional.one_hot(y, space.classes).to(x.dtype)]
            return self.velocity(torch.cat(given, dim=1))

        def forward(self, z, y=None):
            x = z
            for step in range(options.steps):
                x = x + self.at(x, torch.zeros_like(x[:, :1]) + step / options.steps, y) / options.steps
            x = x.float().reshape(-1, *space.shape)
            return x if len(space.shape) == 1 else ((x + 1) / 2).clamp(EDGE, 1 - EDGE).logit()

    class FlowMatching(Objective):
        """One player."""

        def __init__(self):
            self.space, self.latent_dim, self.flow = space, space.size, Flow()
            self.players, self.repeats, self.averaged = {"flow": self.flow}, {}, ("flow",)

        def terms(self, player, batch, rng):
            x = space.centre(batch.x).flatten(1)
            noise, t = rng.normal(*x.shape), rng.uniform(len(x), 1)
            missed = (self.flow.at((1 - t) * noise + t * x, t, batch.y) - (x - noise)).square().mean(1)
            return Terms(missed, {"velocity/error": missed.detach()})

        def assemble(self, players):
            return Assembly(decoder=players["flow"])

    return FlowMatching()


SPEC = ObjectiveSpec(
    title="Flow matching",
    summary="Follows a learned velocity from noise to an item; the latent space is as large as the data",
    paper="Lipman et al., Flow matching for generative modeling, 2023, equation 23",
    Options=FlowMatchingOptions,
    family="flow_matching",
    build=build,
    latent=prod,
    settings={"optimiser": {"lr": 2e-3, "beta1": 0.9, "beta2": 0.999}},
    diagram=(
        ("data", "way", "x"),
        ("prior", "way", "z"),
        ("way", "velocity", "place, time"),
        ("prior", "samples", "z"),
        ("velocity", "samples", "small steps"),
    ),
)
