"""Collapse: is a model missing parts of the data, or not using its latents; and which scores would notice."""

from __future__ import annotations

from genlab.ui.shell import get_lab
from genlab.ui.views import collapse

collapse.render(get_lab())
