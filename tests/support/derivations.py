"""A kind of job that only a test knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from genlab.derivations import REGISTRY
from genlab.jobs.derivation import Derivation, Work


def pretend(monkeypatch: pytest.MonkeyPatch, work: Work, name: str = "test", **more: Any) -> Derivation:
    """Let there be a derivation ``name`` that ``work`` does, beside those that there are."""
    made = Derivation(name=name, title="Test", summary="What a test does", called="the test", work=work, **more)
    entries: Mapping[str, Derivation] = REGISTRY._load()
    monkeypatch.setattr(REGISTRY, "_entries", {**entries, name: made})
    return made
