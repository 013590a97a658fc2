"""Train: choose what to train, start it, watch it."""

from __future__ import annotations

from genlab.ui.shell import get_lab
from genlab.ui.views import train

train.render(get_lab())
