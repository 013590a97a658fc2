"""Whether this process shows a lab for looking only, and what is said to whoever wants to change something there."""

from __future__ import annotations

import os

READ_ONLY = "GENLAB_READ_ONLY"
"""Environment variable: ``1`` opens the lab for looking only."""

SENTENCE = "This lab is read-only."
HINT = "Start genlab without --read-only."


def is_read_only() -> bool:
    """Whether this process shows a lab for looking only."""
    return os.environ.get(READ_ONLY) == "1"
