"""Home: what can be done here, what is running, and every model there is."""

from __future__ import annotations

from genlab.ui.shell import get_lab
from genlab.ui.views import home

home.render(get_lab())
