"""Makes the workspace of an earlier genlab that ``tests/test_old_workspace.py`` opens.

It speaks to genlab as it was at the commit `COMMIT`, before kinds of data, families and kept results were rebuilt, and
is to be run there:

    git worktree add ../before 27ad81a
    cp tests/support/old_workspace.py ../before/tests/support/
    cd ../before && PYTHONPATH=$PWD python tests/support/old_workspace.py FOLDER

FOLDER then holds ``old_workspace.tar.xz`` and ``old_workspace.json``, what the numbers were and on which CPU and with
which torch they were found: with others the last digits may differ. Both belong into ``tests/fixtures``.
"""

from __future__ import annotations

import io
import json
import re
import sys
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from genlab.lab import Lab
from genlab.store.run import Run
from genlab.store.run_directory import RunDirectory
from genlab.worker.inline import InlineLauncher

COMMIT = "27ad81a"
DATA = "digits"
TARGET, STOPPED_AT = 1_024, 512
SHORT = {
    "latent_dim": 4,
    "images": TARGET,
    "batch_size": 64,
    "threads": 1,
    "device": "cpu",
    "precision": "fp32",
    "log_every": 128,
    "sample_every": 512,
    "checkpoint_every": 512,
}
SMALL = {"network": "conv", "network.width": 4, "network.features": 8, "network.mapping": 1}
PLAIN = {"network": "mlp", "network.width": 16, "network.layers": 1}
SETTINGS: dict[str, dict[str, Any]] = {"vae": SMALL, "gan": PLAIN, "vae_gan": SMALL}
JUDGED_AGAIN = 300
"""Samples of the evaluation that a later genlab is to repeat."""

MATCH = {"seeds": 2, "trials": False, "images": 256, "samples": 200, "name": "An early match"}
WRITTEN = 1_795_910_400
"""When all files of the archive were written, as it says; a file of the year 1970 counts as one that is not there."""

NEEDLESS = re.compile(r"\.lock$|/log\.txt$|/\.|^/queue|^/encoders/features-")
"""Files that say nothing of what was found, and the features of real images, which are large and soon made again."""


class StopAt(InlineLauncher):
    """Trains in this process, and asks each run to stop once it has seen `STOPPED_AT` images."""

    def launch(self, run: RunDirectory) -> None:
        """Train until it stops."""
        from genlab.worker import session

        class Early(session.Session):
            def _should_stop(self, state: Any) -> bool:
                if state.images >= STOPPED_AT:
                    self.run.ask("stop")
                self._looked = 0.0
                return super()._should_stop(state)

        original = session.Session
        session.Session = Early  # type: ignore[misc]
        try:
            super().launch(run)
        finally:
            session.Session = original  # type: ignore[misc]


def make(folder: Path) -> dict[str, Any]:
    """A workspace in ``folder``; returns what its numbers were."""
    lab = Lab(folder, launcher=InlineLauncher())
    runs = {model: lab.runs.submit(_config(lab, model, model)) for model in SETTINGS}
    stopped = Lab(folder, launcher=StopAt()).runs.submit(_config(lab, "vae_gan", "stopped"))
    _expect("completed", *runs.values())
    _expect("stopped", stopped)
    every = list(runs.values())
    lab.evaluations.make(every)
    again = lab.evaluations.request(samples=JUDGED_AGAIN)
    judged = lab.evaluations.make(every, again)
    lab.evaluations.make([runs["vae"]], lab.evaluations.course_request(), every=True)
    lab.jobs.wait_for(lab.models.start_portraits(every))
    lab.jobs.wait_for(lab.models.start_neighbours(every))
    _sandbox(lab)
    match = lab.matches.hold(lab.matches.request(data=DATA, settings=_for_all(), **MATCH))
    return {
        "commit": COMMIT,
        "torch": torch.__version__,
        "cpu": torch.backends.cpu.get_cpu_capability(),
        "runs": {name: run.id for name, run in runs.items()} | {"stopped": stopped.id},
        "stopped_at": STOPPED_AT,
        "rows": {name: lab.runs.read(run).metrics()[0] for name, run in runs.items()},
        "judged_again": JUDGED_AGAIN,
        "scores": {run.id: _values(document) for run, document in zip(every, judged, strict=True)},
        "latent": _explored(lab, runs["vae"]),
        "match": {"id": match.id, "runs": list(match.runs), "verdicts": _verdicts(match.claims)},
    }


def _config(lab: Lab, model: str, name: str) -> Any:
    return lab.configs.make(model, DATA, "quick", {**SHORT, **SETTINGS[model], "name": f"early {name}"})


def _for_all() -> dict[str, Any]:
    """Settings of all families of the match."""
    return {**PLAIN, **{name: value for name, value in SHORT.items() if name != "images"}}


def _expect(state: str, *runs: Run) -> None:
    strange = [(run.id, run.state, run.error) for run in runs if run.state != state]
    if strange:
        raise SystemExit(f"not {state}: {strange}")


def _sandbox(lab: Lab) -> None:
    """What the Collapse page shows first for these data."""
    from genlab.config import DataConfig

    lab.jobs.wait_for(lab.sandbox.start(DataConfig(name=DATA), "half_classes", lab.evaluations.request(samples=1_000)))


def _explored(lab: Lab, run: Run) -> dict[str, Any]:
    """Explore a latent space as the Latent page would, draw a walk, and find where a picture belongs."""
    found = lab.latents.explore(run)
    picture = Image.fromarray(np.asarray(lab.data.open(DATA).items("test")[7]).squeeze())
    content = io.BytesIO()
    picture.save(content, "PNG")
    image = lab.latents.fit_image(run, content.getvalue())
    walk = lab.latents.walk_request(points=[{"item": 3}, {"sample": 5}], steps=4, size=32)
    lab.jobs.wait_for(lab.latents.start_walk(run, walk))
    lab.jobs.wait_for(lab.latents.start_placement(run, image))
    placed = lab.latents.placement(run, image) or {}
    return {
        "folder": found.folder.name,
        "codes": len(found),
        "projections": list(found.document["projections"]),
        "walk": walk.model_dump(mode="json"),
        "image": image.hex(),
        "place": placed["file"],
        "residual": placed.get("residual"),
    }


def _values(document: Any) -> dict[str, float | None]:
    return {name: line.get("value") for name, line in document["metrics"].items()}


def _verdicts(claims: Any) -> dict[str, str]:
    return {claim["claim"]: claim["verdict"] for claim in claims["claims"]}


def pack(workspace: Path, archive: Path) -> None:
    """Write all that a workspace holds, without owners, as a tar.xz."""
    with tarfile.open(archive, "w:xz", preset=9) as tar:
        for path in sorted(workspace.rglob("*")):
            name = path.relative_to(workspace).as_posix()
            if NEEDLESS.search(f"/{name}") or not (path.is_file() or path.is_dir()):
                continue
            entry = tar.gettarinfo(path, name)
            entry.uid = entry.gid = 0
            entry.uname = entry.gname = ""
            entry.mtime = WRITTEN
            if path.is_file():
                with path.open("rb") as file:
                    tar.addfile(entry, file)
            else:
                tar.addfile(entry)


def main(folder: Path) -> None:
    """Make the workspace, and from it both files."""
    folder.mkdir(parents=True, exist_ok=True)
    numbers = make(folder / "workspace")
    pack(folder / "workspace", folder / "old_workspace.tar.xz")
    (folder / "old_workspace.json").write_text(json.dumps(numbers, indent=1) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
