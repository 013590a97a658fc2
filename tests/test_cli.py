"""The command line as a process: exit codes, pipes, imports, speed."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from genlab import __version__, cli
from tests.support.command import Capture, child_environment, genlab
from tests.support.runs import make_many, make_run


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], workspace: Path) -> Capture:
    return Capture(capsys)


def test_version_and_help(call: Capture):
    assert call("--version")[:2] == (0, f"genlab {__version__}\n")
    for words in [("--help",), ("-h",), ("train", "--help"), ("data", "add", "-h")]:
        code, out, err = call(*words)
        assert (code, err) == (0, "")
        assert "Usage" in out


@pytest.mark.parametrize(
    "command", ["app", "train", "runs", "show", "stop", "pause", "resume", "delete", "sample", "doctor"]
)
def test_every_command_takes_workspace_and_json(command: str, call: Capture):
    out = call(command, "--help")[1]
    assert "--workspace" in out and "--json" in out


@pytest.mark.parametrize("words", [("nix",), ("data", "nix"), ("show",), ("runs", "extra"), ("runs", "--nix")])
def test_bad_usage_is_refused_like_any_other_input(words: tuple[str, ...], call: Capture):
    message, hint = call.refusal(*words)
    assert message
    assert "--help" in hint


def test_a_group_without_a_command_is_refused(call: Capture):
    code, out, err = call("data")
    assert (code, out) == (2, "")
    assert err == "error: Missing command.\nhint: `genlab data --help` shows what is possible.\n"


def test_our_own_fault_is_a_sentence_with_code_1(call: Capture, monkeypatch: pytest.MonkeyPatch):
    def broken(self: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("genlab.lab.runs.RunsReader.found", broken)
    code, out, err = call("runs")
    assert (code, out) == (1, "")
    assert err.splitlines()[0] == "error: Something went wrong: ZeroDivisionError: by zero"
    assert call.json("runs", code=1)["error"]["kind"] == "internal"
    monkeypatch.setenv("GENLAB_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        cli.main(["runs"])


def test_python_m_genlab_and_a_failure_as_a_process(tmp_path: Path):
    result = genlab("show", "nix", "--workspace", tmp_path, "--json")
    assert result.returncode == 2
    assert json.loads(result.stdout)["error"]["kind"] == "not_found"
    assert result.stderr.startswith("error: There is no run 'nix'.")


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path):
    make_many(tmp_path / "runs", 30, samples=False)
    command = f"{sys.executable} -m genlab runs --json --workspace {tmp_path} | head -c 1; echo ${{PIPESTATUS[0]}}"
    result = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, env=child_environment(), timeout=60, check=True
    )
    assert result.stdout == "{0\n"
    assert result.stderr == ""


def test_a_terminal_that_knows_only_ascii_still_gets_an_answer(tmp_path: Path):
    make_run(tmp_path / "runs", name="größe 数")
    result = genlab("runs", "--workspace", tmp_path, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert result.returncode == 0
    assert "gr??e ?" in result.stdout


LIGHT = [("runs",), ("show", "2026"), ("stop", "2026"), ("data", "list"), ("models",), ("delete", "2026", "--yes")]


@pytest.mark.parametrize("words", LIGHT, ids=lambda words: words[0])
def test_light_commands_load_neither_torch_nor_streamlit(words: tuple[str, ...], tmp_path: Path):
    make_run(tmp_path / "runs")
    code = (
        "import sys; from genlab.cli import main; main(sys.argv[1:]); "
        "print(*sorted({'torch', 'streamlit', 'plotly', 'pandas'} & set(sys.modules)), file=sys.stderr)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, *words, "--workspace", str(tmp_path)],
        capture_output=True,
        text=True,
        env=child_environment(),
        timeout=60,
        check=True,
    )
    assert result.stderr.splitlines()[-1] == ""


def processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_a_thousand_runs_are_listed_within_a_second_and_a_half(tmp_path: Path):
    """Counted in processor time of whole processes, because tests do not have the machine to themselves."""
    make_many(tmp_path / "runs", 10, samples=False)
    template = next((tmp_path / "runs").iterdir())
    config, status = ((template / name).read_bytes() for name in ("config.json", "status.json"))
    for index in range(990):
        folder = tmp_path / "runs" / f"20261102-000000-vae-mnist-5k-{index:04x}"
        folder.mkdir()
        (folder / "config.json").write_bytes(config)
        (folder / "status.json").write_bytes(status)
    times = []
    for _ in range(3):
        start = processor_seconds()
        result = genlab("runs", "--json", "--workspace", tmp_path)
        times.append(processor_seconds() - start)
        assert len(json.loads(result.stdout)["runs"]) == 1_000
    assert min(times) < 1.5
