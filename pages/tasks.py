"""Tasks: what generative models are used for, done by one to four of them beside what one would use instead."""

from __future__ import annotations

from genlab.ui.shell import get_lab
from genlab.ui.views import tasks

tasks.render(get_lab())
