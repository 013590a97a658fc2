"""A kind of data from outside, from its files to the report: run by tests/kinds/test_plugin.py with GENLAB_PLUGINS set.

Everything that is not in ``kinds/signals.py`` is genlab's own.
"""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from genlab import kinds
from genlab.config import DataConfig
from genlab.errors import InputError
from genlab.lab import Lab
from genlab.presentation.lineup import gather
from genlab.server import media
from genlab.store.run import Run
from genlab.ui.views.compare_report import build
from genlab.worker.inline import InlineLauncher
from tests.support.command import Capture
from tests.support.pages import checked, open_page, words

COUNT = 600
TINY = {
    "latent_dim": 3,
    "training.images": 1_024,
    "training.batch_size": 64,
    "training.threads": 1,
    "watch.checkpoint_every": 512,
    "watch.sample_every": 512,
    "watch.log_every": 128,
}


def write_files(folder: Path) -> Path:
    """Sines in one folder, saws in the other."""
    rng, time = np.random.default_rng(0), np.linspace(0, 4 * np.pi, 32)
    for name, shape in (("saw", lambda t: (t / np.pi) % 2 - 1), ("sine", np.sin)):
        (folder / name).mkdir(parents=True)
        for number in range(COUNT // 2):
            values = rng.uniform(0.4, 1) * shape(time + rng.uniform(0, 6))
            (folder / name / f"{number}.signal").write_text(" ".join(f"{value:.4f}" for value in values))
    return folder


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    found = Lab(tmp_path_factory.mktemp("signals"), launcher=InlineLauncher())
    found.data.add(write_files(tmp_path_factory.mktemp("files") / "waves"), "waves")
    return found


@pytest.fixture(scope="session")
def runs(lab: Lab) -> dict[str, Run]:
    made = {
        model: lab.runs.submit(lab.configs.make(model, "waves", "quick", TINY)) for model in ("vae", "gan", "vae_gan")
    }
    assert {run.state for run in made.values()} == {"completed"}, [run.error for run in made.values()]
    every = list(made.values())
    lab.evaluations.make(every, lab.evaluations.request(samples=200))
    lab.jobs.wait_for(lab.models.start_portraits(every))
    lab.jobs.wait_for(lab.models.start_neighbours(every))
    lab.jobs.wait_for(lab.sandbox.start(DataConfig(name="waves"), "noisy", lab.evaluations.request(samples=100)))
    return made


@pytest.fixture(autouse=True)
def _here(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENLAB_WORKSPACE", str(lab.workspace.path))


def test_its_files_become_a_data_set(lab: Lab, tmp_path: Path) -> None:
    info = lab.data.describe("waves")
    assert (info.kind, info.shape, info.classes, info.count) == ("signals", (32,), ("saw", "sine"), COUNT)
    items = lab.data.open("waves").items("train")
    assert items.dtype == np.int16 and items.shape[1:] == (32,) and items.std() > 5_000
    files = write_files(tmp_path / "bad")
    (files / "sine" / "0.signal").write_text("0.5 0.5")
    with pytest.raises(InputError, match=r"sine/0\.signal cannot be used: Signals have 32 values, not 2"):
        lab.data.add(files, "bad")
    (files / "sine" / "1.signal").write_text("loud")
    assert lab.data.add(files, "mended", on_bad="skip").skipped == 2


def test_its_configuration_is_the_presets_of_the_kind_it_is_like(lab: Lab) -> None:
    config = lab.configs.make("vae", "waves", "quick")
    assert config.network.name == "mlp" and config.training.batch_size == 256
    assert lab.configs.make("gan", "waves", "").network.name == "mlp"
    with pytest.raises(InputError, match="'conv' is not for signals"):
        lab.configs.make("vae", "waves", "quick", {"network": "conv"})
    with pytest.raises(InputError, match="'bernoulli' is not for signals"):
        lab.configs.make("vae", "waves", "quick", {"likelihood": "bernoulli"})


def test_it_trains_is_sampled_and_stays_within_its_bounds(lab: Lab, runs: dict[str, Run]) -> None:
    for run in runs.values():
        model = lab.models.load(run)
        samples = model.sample(16)
        assert samples.shape == (16, 32) and float(samples.abs().max()) <= 1
        directory = lab.runs.read(run)
        assert directory.kind() == "signals" and len(directory.samples()) >= 2
        grid = directory.grid()
        assert (grid.columns, grid.rows) == (8, 8)


def test_it_is_evaluated(lab: Lab, runs: dict[str, Run]) -> None:
    documents = {name: lab.runs.read(run).evaluations()[0][-1] for name, run in runs.items()}
    for document in documents.values():
        assert document["encoder"] == "pixels"
        assert document["metrics"]["frechet"]["value"] is not None
        assert document["metrics"]["coverage"]["value"] is not None
        assert document["metrics"]["ssim"]["why"] == "It is for images, which these are not."
    assert documents["vae"]["metrics"]["elbo"]["value"] is not None


@pytest.mark.parametrize("page", ["home", "train", "curves", "compare", "collapse", "latent", "data", "match", "guide"])
def test_every_page_shows_it_without_a_traceback(runs: dict[str, Run], page: str) -> None:
    one = runs["vae"].id
    query = {"data": {"data": "waves"}, "match": {}, "guide": {}, "home": {}}.get(page, {"run": one})
    app = open_page(f"{page}.py", **query)
    assert not app.error, words(app)
    if page == "data":
        assert "600 signals" in words(app) and "32 values" in words(app)
        assert app.get("bidi_component"), "its items are heard and read one by one"


def test_the_form_offers_it_with_what_fits(lab: Lab) -> None:
    app = open_page("train.py", data="waves")
    assert not app.error
    (network,) = [box for box in app.selectbox if box.label == "Network"] or [None]
    assert network is None or (set(network.options) >= {"Perceptron"} and "Convolutional" not in network.options)


def test_all_pages_list_it(runs: dict[str, Run]) -> None:
    assert "Short signals" in words(checked(open_page("data.py"))) or "waves" in words(open_page("data.py"))


def test_its_latent_space_is_worked_out(lab: Lab, runs: dict[str, Run]) -> None:
    request = lab.latents.request(items=120, samples=60)
    for name in ("vae", "gan"):
        lab.latents.explore(runs[name], request)
    found = lab.latents.known(runs["vae"], request)
    assert found is not None and found.document["shape"] == [1, 24, 32]
    (picture,) = found.pictures([0])
    assert picture.size == (32, 24)
    app = open_page("latent.py", run=runs["vae"].id)
    assert not app.error and "Your own image" not in words(app)


def test_its_pictures_are_drawn(lab: Lab, runs: dict[str, Run]) -> None:
    for name, run in runs.items():
        found = lab.models.portrait(run)
        assert found is not None and {"samples", "ways", "dimensions", "neighbours"} <= set(found["sheets"]), name
    assert "reconstructions" in (lab.models.portrait(runs["vae"]) or {})["sheets"]
    sandbox = lab.sandbox.known(DataConfig(name="waves"), "noisy", lab.evaluations.request(samples=100))
    assert sandbox is not None and len(sandbox["sheets"]) == 5


def test_a_report_shows_it(lab: Lab, runs: dict[str, Run]) -> None:
    entrants, refused = gather(lab, [lab.runs.find(run.id) for run in runs.values()])
    assert not refused and {entrant.kind.name for entrant in entrants} == {"signals"}
    report = build(lab, entrants, {entrant.run.id: entrant.moments[-1] for entrant in entrants})
    assert "waves" in report and "data:image/png" in report


def test_the_command_line_knows_it(runs: dict[str, Run], capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    command = Capture(capsys)
    listed = {info["name"]: info for info in command.json("data", "list")["datasets"]}
    assert listed["waves"]["kind"] == "signals"
    assert "32" in command("data", "show", "waves")[1]
    names = {field["name"]: field["value"] for field in command.json("settings", "--data", "waves")["settings"]}
    assert names["network"] == "mlp"
    evaluated = command.json("evaluate", runs["vae"].id, "--samples", "200")
    assert evaluated["runs"][0]["encoder"] == "pixels"
    target = tmp_path / "signals.png"
    assert command.json("sample", runs["gan"].id, "-n", "4", "--out", target)["samples"] == 4
    assert target.read_bytes().startswith(b"\x89PNG")
    heard = command.json("sample", runs["gan"].id, "-n", "3", "--out", tmp_path / "heard.wav")
    assert [Path(path).name for path in heard["files"]] == ["heard-1.wav", "heard-2.wav", "heard-3.wav"]
    assert all(Path(path).read_bytes()[:4] == b"RIFF" for path in heard["files"])
    read = command.json("sample", runs["gan"].id, "-n", "3", "--out", tmp_path / "read.txt")
    assert read["files"] == [str(tmp_path / "read.txt")] and len((tmp_path / "read.txt").read_text().splitlines()) == 3
    code, _, told = command("sample", runs["gan"].id, "--out", tmp_path / "moving.webp")
    assert code == 2 and ".wav" in told


def test_its_items_are_heard_and_read(lab: Lab, runs: dict[str, Run]) -> None:
    """On the routes behind the pages: of the data, beside a sheet of samples, and of latents."""
    client = TestClient(Starlette(routes=media.routes(lambda: lab)))
    one = client.get("/genlab/media/data/waves/test/3")
    assert one.status_code == 200 and one.headers["content-type"] == "audio/wav" and one.content[:4] == b"RIFF"
    again = client.get("/genlab/media/data/waves/test/3?v=1", headers={"If-None-Match": one.headers["etag"]})
    assert again.status_code == 304 and "immutable" in again.headers["cache-control"]
    directory = lab.runs.read(runs["gan"])
    newest = directory.samples()[-1][1].stem
    beside = client.get(f"/genlab/media/runs/{runs['gan'].id}/sheet/samples/{newest}/5")
    assert beside.status_code == 200 and beside.content[:4] == b"RIFF" and beside.content != one.content
    portrait = lab.models.portrait(runs["vae"])
    assert portrait is not None
    for sheet in portrait["sheets"]:
        place = (Path(portrait["folder"]) / sheet).relative_to(directory.path.parent / runs["vae"].id).as_posix()
        assert client.get(f"/genlab/media/runs/{runs['vae'].id}/sheet/{place}/0").status_code == 200, sheet
    z = base64.urlsafe_b64encode(np.zeros((2, 3), "<f4").tobytes()).decode().rstrip("=")
    address = f"/genlab/media/runs/{runs['vae'].id}/latents?z={z}"
    walk = client.get(address)
    assert walk.headers["content-type"] == "audio/wav" and len(walk.content) > len(one.content)
    texts = client.get(f"{address}&form=text").json()
    assert len(texts) == 2 and len(texts[0].split()) == 8
    for wrong in ("data/waves/test/999999", "data/waves/rest/0", "data/no/test/0", f"runs/{runs['vae'].id}/sheet/../0"):
        assert client.get(f"/genlab/media/{wrong}").status_code == 404, wrong
    assert client.get(f"/genlab/media/runs/{runs['vae'].id}/latents?z=AAAA").status_code == 400


def test_without_the_plug_in_its_runs_are_a_sentence(lab: Lab, runs: dict[str, Run]) -> None:
    from tests.support.command import genlab

    environment = {"GENLAB_WORKSPACE": str(lab.workspace.path), "GENLAB_PLUGINS": ""}
    done = genlab("sample", runs["vae"].id, "--json", **environment)
    assert done.returncode == 2
    assert "kind of data 'signals' is not registered here" in json.loads(done.stdout)["error"]["message"]
    listed = genlab("data", "list", "--json", **environment)
    waves = next(info for info in json.loads(listed.stdout)["datasets"] if info["name"] == "waves")
    assert waves["state"] == "damaged" and "'signals' is not registered" in waves["error"]["message"]
    assert os.environ["GENLAB_PLUGINS"] and "signals" in kinds.REGISTRY
