"""Compare: one to six models side by side, on the same latents and the same held-out images."""

from __future__ import annotations

from genlab.ui.shell import get_lab
from genlab.ui.views import compare

compare.render(get_lab())
