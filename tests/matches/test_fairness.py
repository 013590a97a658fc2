"""Which form of fairness a match has, in words with its own numbers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import get_args

from genlab.lab import Lab
from genlab.matches.entries import with_lengths
from genlab.matches.fairness import ABOUT, TITLES, fairness_words, length_words
from genlab.matches.folder import Match
from genlab.matches.match_request import Fairness
from tests.support.matches import make_match


def held(tmp_path: Path, **request: object) -> Match:
    lab = Lab(tmp_path)
    return make_match(tmp_path, with_runs=False, configured=True, request=request).summary(lab.workspace.jobs)


def aside(match: Match) -> Match:
    data = match.request.data.model_copy(update={"validation": 694})
    return replace(match, request=match.request.model_copy(update={"data": data}))


def test_every_form_has_words():
    assert set(TITLES) == set(ABOUT) == set(get_args(Fairness))


def test_equal_images_say_how_many(tmp_path: Path):
    match = held(tmp_path)
    assert match.lengths == {"vae": 20_480, "gan": 20_480, "vae_gan": 20_480}
    assert fairness_words(match).startswith("Equal images: 20,480 images each")


def test_equal_compute_says_seconds_and_lengths(tmp_path: Path):
    lab, folder = Lab(tmp_path), make_match(tmp_path, with_runs=False, configured=True, request={"fairness": "compute"})
    assert "speeds are measured first" in fairness_words(folder.summary(lab.workspace.jobs))
    plan = with_lengths(folder.plan(), {"vae": 61_440, "gan": 40_960, "vae_gan": 20_480})
    told = {"seconds": 25.6, "speeds": {"vae": 2_400.0, "gan": 1_600.0, "vae_gan": 800.0}}
    folder.write_plan(plan.model_copy(update=told))
    match = folder.summary(lab.workspace.jobs)
    assert (match.seconds, match.lengths["vae"], match.speeds["gan"]) == (25.6, 61_440, 1_600.0)
    words = fairness_words(match)
    assert "about 26 s of one thread's compute" in words
    assert length_words(match) in words and length_words(match) == "VAE 61,440, GAN 40,960 and VAE-GAN 20,480 images"


def test_each_at_its_own_best_says_what_chose(tmp_path: Path):
    words = fairness_words(aside(held(tmp_path, fairness="best")))
    assert "694 training images that are set aside and never reported on" in words and "20,480 images each" in words
    assert "held-out items that are reported on too" in fairness_words(held(tmp_path, tuned=True)), "as it once was"
