"""Names of runs as they may stand in an address."""

from __future__ import annotations

import pytest

from genlab.server.addresses import RUN_ID


@pytest.mark.parametrize("name", ["20261122-120000-vae-mnist-5k-a1b2", "twin", "a" * 120, "A.b_c-d"])
def test_names_of_runs_are_taken(name: str):
    assert RUN_ID.fullmatch(name)


@pytest.mark.parametrize("name", ["", "..", ".staging-1", "-a", "a/b", "a" * 121, "é", "a b", "a\n"])
def test_what_could_lead_elsewhere_is_no_name_of_a_run(name: str):
    assert not RUN_ID.fullmatch(name)
