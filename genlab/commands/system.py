"""``genlab app`` and ``genlab doctor``: open the app; say what works here."""

from __future__ import annotations

from typing import Annotated

import typer

from genlab.commands.console import JsonOption, WorkspaceOption, emit, open_lab, say

MARKS = {True: "ok", False: "no"}


def app(
    port: Annotated[int, typer.Option(min=1, max=65_535, help="Port to listen on.")] = 8501,
    host: Annotated[
        str, typer.Option(help="Address to listen on; any other than this computer's own opens the lab to the network.")
    ] = "127.0.0.1",
    read_only: Annotated[bool, typer.Option("--read-only", help="Let nobody train, add or delete.")] = False,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open a browser.")] = True,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Open the app in the browser. This is what `genlab` alone does."""
    from genlab.server import serve

    if as_json:
        emit({"url": f"http://{host}:{port}"})
    serve(host=host, port=port, workspace=workspace, open_browser=browser, read_only=read_only)


def doctor(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Say what works here: versions, device, data sets, workspace. Exit code 2 when something needs mending."""
    checks = open_lab(workspace).doctor()
    healthy = all(check["ok"] for check in checks)
    if as_json:
        emit({"healthy": healthy, "checks": checks})
    else:
        width = max(len(check["name"]) for check in checks)
        for check in checks:
            say(f"{MARKS[check['ok']]:2}  {check['name'].ljust(width)}  {check['value']}")
            if check["hint"]:
                say(f"    {' ' * width}  {check['hint']}")
    if not healthy:
        raise typer.Exit(2)
