"""Data: what there is to learn from, and how to add one's own images."""

from __future__ import annotations

from genlab.ui.shell import get_lab
from genlab.ui.views import data

data.render(get_lab())
