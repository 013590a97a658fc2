"""What a task has to say of itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from genlab.errors import RegistryError
from genlab.tasks import REGISTRY
from genlab.tasks.base import check


def test_a_task_is_decided_by_one_of_its_measures_that_has_a_better():
    spec = REGISTRY.get("reconstruction")
    check(spec)
    with pytest.raises(RegistryError, match="cannot be decisive"):
        check(replace(spec, decisive="beauty"))
    neutral = replace(spec.measures[0], better="")
    with pytest.raises(RegistryError, match="cannot be decisive"):
        check(replace(spec, measures=(neutral,), decisive=neutral.name))
    with pytest.raises(KeyError):
        spec.measure("beauty")
