"""What may stand in an address, and how long an answer may be kept."""

from __future__ import annotations

import re

RUN_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.-]{0,119}")

DATA_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")

MOST_IMAGES = 10**15
"""Images seen, beyond which no checkpoint is looked for."""

FOREVER = "private, max-age=31536000, immutable"
"""The ``Cache-Control`` of what stands under an address with a version in it."""
