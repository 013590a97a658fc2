"""The command line: wires the commands together and turns every failure into a sentence and an exit code. No torch.

Exit codes: 0 it worked, 2 the input, a file or the disk needs changing, 1 it is our fault, 130 after Ctrl-C or SIGTERM,
which `timeout`, a scheduler or a service manager sends: work that is waited for is ended in order by either.
With ``--json`` a failure also prints ``{"error": {"kind", "message", "hint"}}`` on stdout. ``GENLAB_DEBUG=1`` shows
tracebacks.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from genlab import __version__
from genlab.commands import (
    catalogue,
    claims,
    data,
    evaluate,
    export,
    flow,
    latent,
    match,
    runs,
    sample,
    system,
    task,
    tidy,
    train,
)
from genlab.commands.console import exit_code, note, report_error
from genlab.errors import GenlabError, InputError
from genlab.registry import lost_plugins

APPLICATION = typer.Typer(
    name="genlab",
    help="Train, load, explore and compare VAEs, GANs and VAE-GANs on images. `genlab` alone opens the app.",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
PANELS = {
    "Start": (system.app, train.train, match.match, system.doctor, tidy.tidy),
    "Runs": (runs.runs, runs.show, runs.stop, runs.pause, train.resume, runs.delete, sample.sample),
    "Judging": (match.matches, claims.claims, evaluate.evaluate, evaluate.metrics, flow.flow, task.task, task.tasks),
    "Choices": (catalogue.models, catalogue.presets, catalogue.settings),
}
for panel, commands in PANELS.items():
    for command in commands:
        APPLICATION.command(rich_help_panel=panel)(command)
APPLICATION.add_typer(data.data, rich_help_panel="Choices")
APPLICATION.add_typer(latent.latent, rich_help_panel="Judging")
APPLICATION.add_typer(export.export, rich_help_panel="Start")

ANSWERED_BY_ROOT = {"-h", "--help", "--version", "--install-completion", "--show-completion"}


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"genlab {__version__}")
        raise typer.Exit


@APPLICATION.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options of ``genlab`` itself."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: Its words; by default those the process was started with.

    Returns:
        The exit code.
    """
    if arguments is None:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or (words[0].startswith("-") and words[0] not in ANSWERED_BY_ROOT):
        words = ["app", *words]
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        code = _run(words)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader (`| head`) has seen enough. Python would complain once more when it closes stdout at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _run(words: list[str]) -> int:
    as_json = "--json" in words
    for sentence in lost_plugins():
        note(f"warning: {sentence}")
    try:
        result = typer.main.get_command(APPLICATION)(words, prog_name="genlab", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except typer.TyperException as error:
        report_error(_usage_error(error, words), as_json)
        return 2
    except typer.Abort:
        return 130
    except GenlabError as error:
        report_error(error, as_json)
        return error.exit_code if isinstance(error, InputError) else exit_code(error.kind)
    except SystemExit as end:
        # Typer's way to end when the reader of a pipe has gone.
        raise BrokenPipeError from end
    except BrokenPipeError:
        raise
    except Exception as error:
        if os.environ.get("GENLAB_DEBUG") == "1":
            raise
        report_error(_explain(error), as_json)
        return 1


def _usage_error(error: typer.TyperException, words: list[str]) -> InputError:
    message = error.format_message().strip()
    known = {*(c.__name__ for group in PANELS.values() for c in group), "data", "export", "latent"}
    command = f" {words[0]}" if words[0] in known else ""
    return InputError(message, f"`genlab{command} --help` shows what is possible.", kind="bad_usage")


def _explain(error: Exception) -> GenlabError:
    first = (str(error).splitlines() or [""])[0]
    message = f"{type(error).__name__}: {first}" if first else type(error).__name__
    return GenlabError(f"Something went wrong: {message}", "GENLAB_DEBUG=1 shows where.", kind="internal")


if __name__ == "__main__":
    sys.exit(main())
