"""Guide: how each family works, what guides claim of them, what was measured, lessons, history."""

from __future__ import annotations

from genlab.ui.shell import get_lab
from genlab.ui.views import guide

guide.render(get_lab())
