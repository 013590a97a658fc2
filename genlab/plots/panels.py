"""Which curves belong together: hierarchical names group themselves, known names get a title and a unit. No torch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

VECTOR = "vector/"
"""Prefix of names whose values are lists: one number per latent dimension."""

SCORES = "scores/"
"""Prefix of scores of evaluated checkpoints: ``scores/ENCODER/METRIC``."""

COMPANION = "#"
"""Stands in names that belong to a score: ``scores/in-domain/coverage#low``; those are no curves of their own."""


@dataclass(frozen=True)
class Panel:
    """One plot: a title, a unit and the names of the values drawn in it."""

    title: str
    names: tuple[str, ...]
    unit: str = ""

    @property
    def is_vector(self) -> bool:
        """Whether it shows vectors over time, as a heat map."""
        return self.names[0].startswith(VECTOR)

    @property
    def is_score(self) -> bool:
        """Whether it shows a score of evaluated checkpoints, with interval and floor."""
        return self.names[0].startswith(SCORES)


GROUP_TITLES = {
    "loss": "Losses",
    "score": "Critic scores",
    "elbo": "ELBO and reconstruction",
    "reconstruction": "ELBO and reconstruction",
    "kl": "KL divergence",
    "units": "KL divergence",
    "vector": "KL divergence",
    "beta": "KL divergence",
    "watch": "Collapse watch",
    "gradient_norm": "Gradients",
    "gradient": "Gradients",
    "penalty": "Gradients",
    "images_per_second": "Speed and schedule",
    "lr": "Speed and schedule",
}
"""First part of a name -> group. Another first part makes a group of its own."""

TITLES = {
    "elbo": ("ELBO", "nats"),
    "reconstruction/nats": ("Reconstruction error", "nats"),
    "reconstruction/mse": ("Reconstruction error", "mean squared"),
    "kl/total": ("KL, all dimensions", "nats"),
    "units/active": ("Dimensions in use", "KL above 0.01 nats"),
    "vector/kl": ("KL per dimension", "nats"),
    "beta": ("Weight of the KL", ""),
    "sigma": ("Width of the likelihood", "of pixel range"),
    "penalty": ("Penalty", ""),
    "lr": ("Learning rate", ""),
    "images_per_second": ("Speed", "images/s"),
    "score/sign_real": ("Real images scored above zero", "share"),
    "watch/modes": ("Modes reached", "count"),
    "watch/near_duplicates": ("Near-duplicates in pixels", "share of samples"),
    "watch/copies": ("Copies of training data", "share of samples"),
    "watch/coverage": ("Relative coverage", "of what real data reach"),
    "watch/active_units": ("Dimensions in use", "KL above 0.01 nats"),
    "watch/critic_gap": ("Critic gap, real above generated", "0 to 1"),
    "watch/critic_memory": ("Critic overfitting, training above held out", "0 to 1"),
    "gradient/real": ("Critic's slope on real", ""),
    "gradient/fake": ("Critic's slope on fake", ""),
}
"""Name -> title and unit; another name stands for itself."""

LEAVES = {"reconstruction/nats": "reconstruction", "kl/total": "KL"}
"""Names whose last part alone does not say what they are."""

INITIALS = 3
"""Letters of the longest name that is read as initials: a player named ``vae`` is a VAE."""

PREFIX_TITLES = {"loss": "Loss", "gradient_norm": "Gradient norm", "score": "Score"}


def group_of(name: str) -> str:
    """The group that ``name`` belongs to."""
    first = name.partition("/")[0]
    return GROUP_TITLES.get(first) or first.replace("_", " ").capitalize()


def title_of(name: str) -> str:
    """What a plot of ``name`` is called."""
    if name in TITLES:
        return TITLES[name][0]
    first, _, rest = name.partition("/")
    words = rest.replace("/", " ").replace("_", " ")
    if first in PREFIX_TITLES and rest:
        short = words.isalpha() and len(words) <= INITIALS
        return f"{PREFIX_TITLES[first]}, {words.upper() if short else words}"
    return name.replace("/", ": ").replace("_", " ").capitalize()


def leaf_of(name: str) -> str:
    """What ``name`` is called inside a plot that shows several: its last part, where that says enough."""
    return LEAVES.get(name) or name.rpartition("/")[2].replace("_", " ")


def panels_by_group(names: Iterable[str]) -> dict[str, list[Panel]]:
    """Group title -> its plots, groups in the order of `GROUP_TITLES`; scores on real and fake share one plot.

    Scores of evaluated checkpoints are left out: what they are called, the metrics know.
    """
    found: dict[str, list[Panel]] = {title: [] for title in dict.fromkeys(GROUP_TITLES.values())}
    left = dict.fromkeys(name for name in names if not name.startswith(SCORES))
    pair = tuple(name for name in ("score/real", "score/fake") if name in left)
    if pair:
        found[group_of(pair[0])].append(Panel("Scores on real and fake", pair))
    for name in left:
        if name not in pair:
            unit = TITLES.get(name, ("", ""))[1]
            found.setdefault(group_of(name), []).append(Panel(title_of(name), (name,), unit))
    return {title: panels for title, panels in found.items() if panels}
