"""How late and how costly the live pages are: a stand-in for a worker writes a row and a picture every second.

Measured are the time from the worker's write to the picture on the page of a real browser, and the share of one core
that the page's process takes while it watches that run. Run it as ``python benchmarks/live_view.py [home|train]``.
"""

from __future__ import annotations

import io
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from statistics import median

import numpy as np
import psutil
from PIL import Image

ROOT = Path(__file__).parents[1]
SECONDS = float(os.environ.get("GENLAB_BENCHMARK_SECONDS", "30"))
CHROMIUM = os.environ.get("GENLAB_CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
RUN = "20261122-120000-gan-mnist-5k-live"
PER_SECOND = 2_048


def stand_in(workspace: Path, seconds: float) -> None:
    """Write what a worker writes, once a second, and note when each picture was complete."""
    from genlab.config import RunConfig
    from genlab.store.liveness import identity
    from genlab.store.run_directory import RunDirectory

    config = RunConfig(model="gan").model_dump()
    config["training"]["images"] = 10_000_000
    directory = RunDirectory.create(workspace / "runs" / RUN, RunConfig.model_validate(config), "gan")
    pid, started = identity()
    grid = {"columns": 8, "rows": 8}
    directory.update_status(state="running", phase="training", pid=pid, process_started=started, grid=grid)
    rng = np.random.default_rng(0)
    begun = time.time()
    with (workspace / "written.jsonl").open("a") as notes:
        while time.time() - begun < seconds:
            passed = time.time() - begun
            images = int(passed * PER_SECOND) // 64 * 64
            row = {"images": images, "step": images // 64, "seconds": passed, "images_per_second": PER_SECOND}
            row |= {"loss/critic": 0.7 + 0.1 * rng.random(), "loss/generator": 0.8 + 0.1 * rng.random()}
            row |= {"score/real": rng.random(), "score/fake": -rng.random()}
            directory.append_metrics(row)
            buffer = io.BytesIO()
            Image.fromarray(rng.integers(0, 255, (224, 224), np.uint8)).save(buffer, "PNG")
            directory.write_sample(images, buffer.getvalue())
            notes.write(json.dumps({"images": images, "time": time.time()}) + "\n")
            notes.flush()
            directory.update_status(images=images, seconds=passed, speed=PER_SECOND)
            time.sleep(max(0.0, 1.0 - (time.time() - begun) % 1.0))
    directory.update_status(state="completed")


WATCH = """
(prefix) => {
  window.seen = {};
  const look = () => {
    const now = Date.now() / 1000;
    for (const image of document.images) {
      const words = (image.alt || '').match(/after ([0-9,]+) images/);
      if (!words || !image.complete || !image.naturalWidth) continue;
      const images = words[1].replaceAll(',', '');
      if (!(images in window.seen)) window.seen[images] = now;
    }
    requestAnimationFrame(look);
  };
  look();
}
"""


def measure(page_name: str, seconds: float = SECONDS) -> dict[str, float]:
    """Delays in seconds from write to paint, and the page process's share of a core in percent."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder)
        port = _free_port()
        environment = os.environ | {"GENLAB_WORKSPACE": folder}
        serve = f"from genlab.server import serve; serve(port={port}, open_browser=False)"
        server = subprocess.Popen([sys.executable, "-c", serve], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        worker = subprocess.Popen(
            [sys.executable, __file__, "worker", folder, str(seconds + 20)], cwd=ROOT, env=environment
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
            _wait_for_file(workspace / "written.jsonl")
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                page.goto(f"http://127.0.0.1:{port}/" + ("" if page_name == "home" else f"train?run={RUN}"))
                page.wait_for_selector("img[alt*='after']", timeout=60_000)
                time.sleep(5)
                page.evaluate(WATCH)
                share = _share(server.pid, seconds)
                seen = {int(images): moment for images, moment in page.evaluate("window.seen").items()}
                browser.close()
        finally:
            for process in (worker, server):
                process.terminate()
                process.wait(timeout=20)
        lines = (workspace / "written.jsonl").read_text().splitlines()
    written = {row["images"]: row["time"] for row in map(json.loads, lines)}
    delays = sorted(moment - written[images] for images, moment in list(seen.items())[1:] if images in written)
    return {
        "pictures": len(delays),
        "median_seconds": round(median(delays), 2),
        "worst_seconds": round(delays[-1], 2),
        "core_percent": round(share, 1),
    }


def _share(pid: int, seconds: float) -> float:
    process = psutil.Process(pid)
    before, begun = process.cpu_times(), time.monotonic()
    time.sleep(seconds)
    after, passed = process.cpu_times(), time.monotonic() - begun
    return 100 * (after.user + after.system - before.user - before.system) / passed


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, patience: float = 60.0) -> None:
    end = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def _wait_for_file(path: Path, patience: float = 60.0) -> None:
    end = time.monotonic() + patience
    while not (path.is_file() and path.stat().st_size):
        if time.monotonic() > end:
            raise TimeoutError(f"{path} was not written")
        time.sleep(0.2)


if __name__ == "__main__":
    if sys.argv[1:2] == ["worker"]:
        sys.path.insert(0, str(ROOT))
        stand_in(Path(sys.argv[2]), float(sys.argv[3]))
    else:
        for name in sys.argv[1:] or ["home", "train"]:
            print(json.dumps({"page": name, **measure(name)}))
