"""Match: VAE, GAN and VAE-GAN with the same means, side by side, and what that says of them."""

from __future__ import annotations

from genlab.ui.shell import get_lab
from genlab.ui.views import match

match.render(get_lab())
