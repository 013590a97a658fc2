"""``genlab match`` and ``genlab matches``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from genlab.commands import match as command
from genlab.lab import Lab
from genlab.lab.matches import Matches, MatchesReader
from genlab.matches.folder import Match, MatchDirectory
from genlab.matches.match_plan import MatchPlan
from genlab.store import atomic
from genlab.store.liveness import identity
from tests.support.command import Capture
from tests.support.matches import make_match
from tests.support.scripted import Scripted

CLAIM = {
    "claim": "sharpness",
    "title": "VAE output is blurrier",
    "verdict": "supported",
    "effect": 1.54,
    "low": 1.25,
    "high": 1.91,
    "unit": "×",
    "seeds": 3,
    "needs": None,
    "why": "GAN samples are nearer to the data.",
    "caveat": "In-domain features.",
}
UNDECIDED = {**CLAIM, "claim": "faces", "verdict": "not_enough_evidence", "effect": None, "low": None, "high": None}
UNDECIDED |= {"seeds": 1, "needs": 2, "needs_text": "2"}


class Ending(Scripted):
    """Matches end at once, in a way that the test chooses.

    Args:
        state: The job's state.
        error: Its error.
    """

    def __init__(self, state: str = "completed", error: dict[str, str] | None = None) -> None:
        super().__init__()
        self.state, self.error = state, error

    def launch_job(self, path: Path) -> None:
        """End the job."""
        super().launch_job(path)
        job = atomic.read_json(path / "request.json") or {}
        folder = MatchDirectory(path.parent.parent / "matches" / job["arguments"]["match"])
        if self.state == "completed":
            parameters = {
                "vae": {"encoder": 5, "decoder": 7, "total": 12},
                "gan": {"decoder": 7, "critic": 4, "total": 11},
            }
            folder.write_plan(MatchPlan(parameters=parameters, spread=0.08, chosen_lr={"gan": 0.5}))
            folder.write_claims({"claims": [CLAIM, UNDECIDED]})
        pid, started = identity()
        atomic.write_json(
            path / "status.json", {"state": self.state, "error": self.error, "pid": pid, "process_started": started}
        )


@pytest.fixture
def ending(monkeypatch: pytest.MonkeyPatch, workspace: Path) -> Ending:
    launcher = Ending()
    monkeypatch.setattr("genlab.lab.default_launcher", lambda: launcher)
    return launcher


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], ending: Ending) -> Capture:
    return Capture(capsys)


def test_a_match_ends_with_its_claims(call: Capture) -> None:
    code, out, err = call("match", "--data", "digits", "--families", "vae,gan", "--seeds", "3")
    assert code == 0, err
    lines = out.splitlines()
    assert "VAE" in out and "GAN: 0.5 × its preset's learning rate, chosen by trials" in out
    (row,) = [line for line in lines if line.startswith("sharpness  ")]
    assert "supported" in row and "1.54 (1.25 to 1.91) ×" in row and row.endswith("3")
    (row,) = [line for line in lines if line.startswith("faces  ")]
    assert "not enough evidence" in row and "1, about 2 more needed" in row
    assert "sharpness: VAE output is blurrier" in lines and "  GAN samples are nearer to the data." in lines


def test_the_json_document_keeps_its_keys(call: Capture) -> None:
    found = call.json("match", "--data", "digits")
    assert {"match", "runs", "claims", "parameters", "spread"} <= set(found)
    assert {"claim", "verdict", "effect", "low", "high", "seeds", "why"} <= set(found["claims"][0])
    assert found["claims"][0]["verdict"] == "supported" and found["claims"][0]["plateau"] == {}


def test_options_become_the_request(call: Capture, workspace: Path) -> None:
    words = ["--data", "digits", "--preset", "balanced", "--seeds", "2", "--images", "900", "--tuned", "--faces"]
    words += [
        "--families",
        "gan,vae",
        "--set",
        "beta=2",
        "--set",
        "data.limit=500",
        "--name",
        "mine",
        "--samples",
        "70",
    ]
    call("match", *words)
    (match,) = Lab(workspace).matches.all()
    request = match.request
    assert (request.preset, request.seeds, request.images, request.samples) == ("balanced", 2, 900, 70)
    assert (request.tuned, request.faces, request.trials, request.name) == (True, True, True, "mine")
    assert request.families == ("gan", "vae") and request.settings["beta"] == "2"
    assert (request.data.name, request.data.limit) == ("digits", 500)
    call("match", "--data", "digits", "--no-trials")
    assert not Lab(workspace).matches.all()[0].request.trials
    code, out, _ = call("match", "--data", "digits", "--fairness", "compute")
    assert Lab(workspace).matches.all()[0].request.fairness == "compute"
    assert code == 0 and "equal compute" in out and "as many images as its speed says" in out
    assert "Equal compute: " in out
    document = call.json("match", "--data", "digits", "--fairness", "images")
    assert (document["fairness"], document["lengths"], document["seconds"]) == ("images", {}, None)
    assert document["fairness_words"].startswith("Equal images: ")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--families", "vae,vea"), "no model called 'vea'"),
        (("--families", "vae,vae"), "'vae' stands twice"),
        (("--data", "ring"), "holds points"),
        (("--data", "nix"), "no data set called 'nix'"),
        (("--fairness", "nix"), "fairness"),
        (("--fairness", "compute", "--tuned"), "at its own best"),
        (("--set", "nix=1"), "no setting called 'nix'"),
        (("--tuned", "--no-trials"), "chooses learning rates by its trials"),
        (("--out", "report.pdf"), "does not end in .html"),
        (("--resume", "nix"), "no match 'nix'"),
        (("--seeds", "0"), "seeds"),
        (("--judge", "nix"), "no match 'nix'"),
        (("--judge", "a", "--resume", "b"), "Choose one"),
    ],
)
def test_what_cannot_be_is_refused(call: Capture, workspace: Path, words: tuple[str, ...], says: str) -> None:
    message, hint = call.refusal("match", *([] if "--data" in words else ["--data", "digits"]), *words)
    assert says in f"{message} {hint}"
    assert Lab(workspace).matches.all() == []


def test_a_match_that_fails_says_why_and_how_to_go_on(call: Capture, ending: Ending) -> None:
    ending.state, ending.error = "failed", {"kind": "disk_full", "message": "The disk is full.", "hint": ""}
    code, out, err = call("match", "--data", "digits")
    assert code == 2 and "error: The disk is full." in err and "genlab match --resume" in err
    code, out, err = call("match", "--data", "digits", "--json")
    assert json.loads(out)["error"]["kind"] == "disk_full"


def test_a_match_that_somebody_stops_says_so(call: Capture, ending: Ending, workspace: Path) -> None:
    ending.state = "cancelled"
    code, _, err = call("match", "--data", "digits")
    (match,) = Lab(workspace).matches.all()
    assert code != 0 and f"The match {match.id} was stopped" in err and f"--resume {match.id}" in err
    ending.state = "completed"
    code, out, _ = call("match", "--resume", match.id)
    assert code == 0 and "sharpness" in out
    assert call("match", "--resume", match.id)[0] == 0, "a match that has ended is shown"


def test_a_finished_match_is_given_more_seeds(call: Capture, workspace: Path) -> None:
    key = make_match(workspace, seeds=2, configured=True).path.name
    code, out, err = call("match", "--resume", key, "--seeds", "4")
    assert code == 0, err
    (match,) = Lab(workspace).matches.all()
    assert (match.id, match.request.seeds) == (key, 4) and "4 seeds" in out and "sharpness" in out
    message, hint = call.refusal("match", "--resume", key, "--seeds", "1")
    assert "has 4 seeds already" in message and hint


def test_a_match_is_judged_again(call: Capture, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = make_match(workspace).path.name
    asked: list[str] = []

    def start(matches: Matches, match: str) -> None:
        asked.append(match)

    monkeypatch.setattr(Matches, "start_judging", start)
    code, out, _ = call("match", "--judge", key[:-2])
    assert code == 0 and asked == [key] and "sharpness" in out
    assert call.json("match", "--judge", key)["match"] == key


def test_ctrl_c_stops_it_and_says_how_to_go_on(
    call: Capture, ending: Ending, monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    ending.state = "running"

    def interrupt(seconds: float) -> None:
        for path in ending.jobs:
            if (path / "control" / "cancel").exists():
                atomic.write_json(path / "status.json", {"state": "cancelled"})
                return
        raise KeyboardInterrupt

    monkeypatch.setattr(command.time, "sleep", interrupt)
    code, _, err = call("match", "--data", "digits")
    (match,) = Lab(workspace).matches.all()
    assert code == 130 and match.state == "stopped"
    assert f"genlab match --resume {match.id}" in err


def test_a_report_is_written_where_it_is_asked_for(
    call: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def report(matches: MatchesReader, key: str, out: Path) -> Path:
        out.write_text(f"<html>{key}")
        return out

    monkeypatch.setattr(MatchesReader, "report", report)
    code, out, _ = call("match", "--data", "digits", "--out", tmp_path / "found.html")
    assert code == 0 and "found.html" in out.splitlines()[-1]
    assert (tmp_path / "found.html").read_text().startswith("<html>")


def test_matches_are_listed(call: Capture) -> None:
    assert "no matches yet" in call("matches")[1]
    call("match", "--data", "digits", "--name", "first")
    code, out, _ = call("matches")
    assert code == 0
    heading, row = out.splitlines()
    assert heading.split()[0] == "match" and "first" in row and "1 of 2" in row
    (listed,) = call.json("matches")["matches"]
    assert (listed["name"], listed["data"], listed["seeds"], listed["state"]) == ("first", "digits", 3, "completed")


def test_what_the_commands_show_is_what_is_there(ending: Ending, workspace: Path) -> None:
    lab = Lab(workspace)
    match: Match = lab.matches.start(lab.matches.request(data="digits"))
    document: dict[str, Any] = command.document(match, Lab(workspace))
    assert document["match"] == match.id and [claim["claim"] for claim in document["claims"]] == ["sharpness", "faces"]
