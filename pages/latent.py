"""Latent: see, walk and steer the latent spaces of one or two models."""

from __future__ import annotations

from genlab.ui.shell import get_lab
from genlab.ui.views import latent

latent.render(get_lab())
