from __future__ import annotations

import pytest

from tests.support.compare_page import make, open_compare
from tests.support.pages import checked, words

pytestmark = pytest.mark.usefixtures("half_done")


def test_without_runs_the_page_says_what_to_do(lab):
    assert "Nothing to compare yet" in words(open_compare())


def test_seeds_and_latent_sizes_are_told(lab):
    for seed in range(2):
        make(lab, f"s{seed}", "gan", seed=seed)
    assert "one model trained 2 times" in words(open_compare("s0", "s1"))
    make(lab, "small", settings={"latent_dim": 3})
    assert "Latent sizes differ" in words(open_compare("s0", "small"))


def test_a_run_without_a_checkpoint_says_what_to_do(lab):
    make(lab, "vae", moments=(), state="failed", images=0, samples=())
    app = open_compare("vae")
    assert "No checkpoint. Resume the run" in words(app)
    assert "compare/evaluate" not in [button.key for button in app.button]


def test_a_run_that_is_deleted_while_it_is_shown_leaves_the_rest(lab):
    for model in ("vae", "gan"):
        make(lab, model, model)
    app = open_compare("vae", "gan")
    lab.runs.delete("gan")
    checked(app.run())
    assert app.multiselect(key="compare/runs").value == ["vae"]
    assert "Not in this workspace" in words(app) and "gan" in words(app)
    lab.runs.delete("vae")
    assert "Nothing to compare yet" in words(checked(app.run()))


def test_a_lab_for_looking_only_starts_nothing(lab, half_done, monkeypatch):
    monkeypatch.setenv("GENLAB_READ_ONLY", "1")
    make(lab, "vae", drawn=False, value=None)
    app = open_compare("vae")
    assert not half_done and app.button(key="compare/evaluate").disabled
