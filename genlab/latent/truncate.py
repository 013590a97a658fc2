"""Truncation: latents nearer to the middle of the prior give more typical and less varied pictures."""

from __future__ import annotations

from typing import Literal

from torch import Tensor

from genlab.errors import InputError

CLAMP_AT = 2.0
"""Standard deviations that clamping begins with at psi = 1, as in the generators released with Brock et al. (2019)."""

Variant = Literal["scale", "clamp"]


def truncate(z: Tensor, psi: float, centre: Tensor | None = None, variant: Variant = "scale") -> Tensor:
    """Latents [n, D] pulled towards ``centre``.

    ``scale`` is c + psi (z - c) (Karras, Laine and Aila, A style-based generator architecture, 2019, section B).
    ``clamp`` cuts every coordinate at 2 psi from the centre. Brock, Donahue and Simonyan (Large scale GAN training,
    2019, section 3.1) draw such coordinates again; cutting them leaves each latent recognisable while psi is moved.

    Args:
        z: [n, D].
        psi: 0 (only the centre) to 1 (``scale``: all as it is).
        centre: c, [D]; the prior's mean, 0, by default.
        variant: Which of the two.

    Raises:
        InputError: When psi is not between 0 and 1, or the variant is unknown.
    """
    if not 0 <= psi <= 1:
        raise InputError(f"Truncation psi = {psi:g} is not between 0 and 1.", "Choose a value from 0 to 1.")
    away = z if centre is None else z - centre
    if variant == "scale":
        away = psi * away
    elif variant == "clamp":
        away = away.clamp(-CLAMP_AT * psi, CLAMP_AT * psi)
    else:
        raise InputError(f"There is no truncation {variant!r}.", "Choose scale or clamp.", kind="unknown_name")
    return away if centre is None else centre + away
