"""How the app is found, started and opened in a browser."""

from __future__ import annotations

import errno
import importlib.util
import os
import socket
import sys
import threading
import time
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genlab.errors import GenlabError, InputError
from genlab.lab.read_only import READ_ONLY, is_read_only
from genlab.server.guards import ANYWHERE

if TYPE_CHECKING:
    from streamlit import App


def app_file() -> Path:
    """The file that defines the app: the checkout's own, or the one inside an installed genlab.

    Raises:
        GenlabError: When there is neither.
    """
    package = Path(__file__).parents[1]
    checkout = package.parent
    if (checkout / "app.py").is_file() and (checkout / "pyproject.toml").is_file():
        return checkout / "app.py"
    installed = package / "_app" / "app.py"
    if not installed.is_file():
        raise GenlabError("This installation has no app in it.", "Install genlab again from its wheel.", kind="no_app")
    return installed


def serve(
    host: str = "127.0.0.1",
    port: int = 8501,
    workspace: str | os.PathLike[str] | None = None,
    open_browser: bool = True,
    read_only: bool = False,
) -> None:
    """Open the app and wait until it is stopped.

    Args:
        host: Address to listen on; any but this computer's own opens the lab to the network.
        port: Port to listen on.
        workspace: Folder to look into; by default ``GENLAB_WORKSPACE`` or the user's data folder.
        open_browser: Whether to show it in a browser once it answers.
        read_only: Whether nobody may train, add or delete.

    Raises:
        InputError: When the address cannot be listened on.
    """
    require_free(host, port)
    if workspace is not None:
        os.environ["GENLAB_WORKSPACE"] = str(Path(workspace).expanduser().absolute())
    if read_only:
        os.environ[READ_ONLY] = "1"
    os.environ["GENLAB_HOST"] = host
    path = app_file()
    # Streamlit looks for .streamlit/config.toml beside the program that was started, which here is `genlab`.
    sys.argv[0] = str(path)
    spec = importlib.util.spec_from_file_location("genlab_app", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if open_browser:
        threading.Thread(target=_open_when_ready, args=(host, port), daemon=True).start()
    run(module.app, host, port)


def run(app: App, host: str | None = None, port: int | None = None) -> None:
    """Serve ``app``; without host and port where its configuration says."""
    config: dict[str, Any] = {}
    # `App.run` does not read these two variables, although `streamlit run` does.
    host = host or os.environ.get("STREAMLIT_SERVER_ADDRESS")
    if host is not None:
        config["server.address"] = host
    port = port or int(os.environ.get("STREAMLIT_SERVER_PORT") or 0) or None
    if port is not None:
        config["server.port"] = port
    if is_read_only():
        config["server.maxUploadSize"] = 1
    app.run(config=config)


def require_free(host: str, port: int) -> None:
    """Find out now, in one sentence, what would otherwise be a failed start.

    Raises:
        InputError: When the port is taken or the address is not this computer's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except PermissionError as error:
            raise InputError(
                f"This user may not listen on port {port}.", "Choose a port above 1023 with --port.", kind="port"
            ) from error
        except (OSError, OverflowError) as error:
            if isinstance(error, socket.gaierror) or getattr(error, "errno", None) == errno.EADDRNOTAVAIL:
                raise InputError(
                    f"{host} is not an address of this computer.", "Use 127.0.0.1 or 0.0.0.0.", kind="host"
                ) from error
            raise InputError(
                f"Port {port} on {host} is in use.",
                f"Open http://{host}:{port} if genlab runs there already, or choose another port: --port {port + 1}.",
                kind="port",
            ) from error


def _open_when_ready(host: str, port: int, patience: float = 30.0) -> None:
    near = "127.0.0.1" if host in ANYWHERE else host
    end = time.monotonic() + patience
    while time.monotonic() < end:
        try:
            with socket.create_connection((near, port), timeout=0.5):
                webbrowser.open(f"http://{near}:{port}")
                return
        except OSError:
            time.sleep(0.2)
