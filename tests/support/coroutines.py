"""Coroutines in tests, run to their end whatever else runs in the thread of the tests (a browser has a loop there)."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def in_a_thread(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """What ``coroutine`` returns, from an event loop in a thread of its own."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, coroutine).result()
