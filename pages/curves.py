"""Curves: overlay what runs have recorded."""

from __future__ import annotations

from genlab.ui.shell import get_lab
from genlab.ui.views import curves

curves.render(get_lab())
