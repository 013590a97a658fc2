"""Readers of a run's curves for the Guide: the newest row -> what it says of a term, as `Term.read` wants them."""

from __future__ import annotations

from collections.abc import Callable

from genlab.families.base import Reading, Row
from genlab.numbers import nats, percent


def value(name: str, form: str, note: str) -> Callable[[Row], Reading | None]:
    """Reads one number of the curves; ``form`` is how it is written, as a format string."""

    def read(row: Row) -> Reading | None:
        found = row.get(name)
        return Reading(form.format(found), note, name) if isinstance(found, (int, float)) else None

    return read


def in_nats(name: str, note: str) -> Callable[[Row], Reading | None]:
    """Reads a number of nats."""

    def read(row: Row) -> Reading | None:
        found = row.get(name)
        return Reading(nats(found), note, name) if isinstance(found, (int, float)) else None

    return read


def active(row: Row) -> Reading | None:
    """How many latent dimensions carry information."""
    kl, used = row.get("vector/kl"), row.get("units/active")
    if not isinstance(kl, list) or not isinstance(used, (int, float)):
        return None
    note = "active latent dimensions: those that carry information about the image"
    return Reading(f"{used:.0f} of {len(kl)}", note, "units/active")


def spread(row: Row) -> Reading | None:
    """The smallest and the largest KL of a latent dimension."""
    kl = row.get("vector/kl")
    if not isinstance(kl, list) or not kl:
        return None
    return Reading(
        f"{nats(min(kl)).removesuffix(' nats')} to {nats(max(kl))}",
        "the smallest and the largest KL of a dimension: 0 carries no information, more means that μ varies widely "
        "or σ is small",
    )


def scores(row: Row) -> Reading | None:
    """Mean scores of real and of generated images."""
    real, fake = row.get("score/real"), row.get("score/fake")
    if not isinstance(real, (int, float)) or not isinstance(fake, (int, float)):
        return None
    return Reading(f"{real:.2f} against {fake:.2f}", "mean score of real images against generated ones", "score/real")


def critic_gap(row: Row) -> Reading | None:
    """How reliably the critic separates real from generated images."""
    gap = row.get("watch/critic_gap")
    if not isinstance(gap, (int, float)):
        return None
    note = "how reliably it separates real from generated images: 0 not at all, 1 always"
    return Reading(f"{gap:.2f}", note, "watch/critic_gap")


def losses(row: Row) -> Reading | None:
    """Losses of critic and generator."""
    critic, generator = row.get("loss/critic"), row.get("loss/generator")
    if not isinstance(critic, (int, float)) or not isinstance(generator, (int, float)):
        return None
    return Reading(f"{critic:.2f} and {generator:.2f}", "losses of critic and generator", "loss/critic")


def modes(row: Row) -> Reading | None:
    """Modes that samples reach, and how many samples are near-duplicates."""
    found, twins = row.get("watch/modes"), row.get("watch/near_duplicates")
    if not isinstance(found, (int, float)):
        return None
    more = f"; {percent(twins)} of the samples are near-duplicates in pixels" if isinstance(twins, (int, float)) else ""
    return Reading(f"{found:.0f}", f"modes that its samples reach{more}", "watch/modes")
