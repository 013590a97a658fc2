"""Items of one's own of every kind on Latent and Tasks: placed, restored, told what was done to them, or refused."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from genlab import kinds
from genlab.lab import Lab
from genlab.store.run import Run
from genlab.ui.views import own_items
from genlab.worker.inline import InlineLauncher
from tests.kinds.test_film_files import animation
from tests.kinds.test_recordings import sine, wav
from tests.pages.test_kinds import TINY, data_of
from tests.support.features import hasty_features  # noqa: F401
from tests.support.images import picture
from tests.support.pages import checked, open_page, words


@dataclass(frozen=True)
class Given:
    """A file of one's own.

    Attributes:
        name: Its name.
        content: Its bytes.
        notes: What is told of it.
        problem: What is told of a file that holds no such item.
    """

    name: str
    content: bytes
    notes: tuple[str, ...]
    problem: str


GIVEN = {
    "images": Given("mine.png", picture(side=40), (), "cannot be read: it is damaged, or a kind of PNG"),
    "sound": Given(
        "mine.wav",
        wav(sine(3.0)),
        ("It is resampled from 44,100 to 4,000 Hz", "its loudest 0.26 s are kept"),
        "it is none of WAV, FLAC, OGG and MP3",
    ),
    "film": Given(
        "mine.gif",
        animation(40),
        ("Of its 40 frames 16 are kept, spread evenly over it, at 16 × 16 px, in grey",),
        "it is neither a GIF, WebP or PNG that moves",
    ),
    "texts": Given(
        "mine.txt",
        b"The dog follows the map.\nthe cat sees the boat\n",
        ("It is read in small letters", "Left out"),
        "“no”, “item” are not among the 126 words of the data",
    ),
}
KINDS = [pytest.param(name, id=name) for name in GIVEN]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    return Lab(tmp_path_factory.mktemp("own"), launcher=InlineLauncher())


@pytest.fixture(scope="module")
def runs(lab: Lab) -> dict[str, Run]:
    made = {}
    for name in GIVEN:
        data = data_of(name)
        assert data is not None
        made[name] = lab.runs.submit(lab.configs.make("vae", data, "quick", TINY))
        assert made[name].state == "completed", (name, made[name].error)
        lab.latents.explore(made[name])
    return made


@pytest.fixture(autouse=True)
def _here(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENLAB_WORKSPACE", str(lab.workspace.path))
    monkeypatch.setattr("genlab.lab.default_launcher", InlineLauncher)


def told(app: AppTest) -> str:
    """All text on the page as it is read."""
    return words(app).replace("\\", "")


def upload(app: AppTest, name: str, content: bytes) -> AppTest:
    app.get("file_uploader")[0].upload(name, content)
    return checked(app.run())


def press(app: AppTest, ending: str) -> AppTest:
    (key,) = [button.key for button in app.button if button.key.endswith(ending)]
    app.button(key=key).click()
    return checked(app.run())


def inputs(app: AppTest, wanted: str) -> AppTest:
    (picker,) = [one for one in app.segmented_control if one.label == "Inputs"]
    return checked(picker.set_value(wanted).run())


@pytest.mark.timeout(240)
@pytest.mark.parametrize("name", KINDS)
def test_a_file_is_placed_on_latent(runs: dict[str, Run], name: str) -> None:
    given, kind = GIVEN[name], kinds.get(name)
    app = open_page("latent.py", run=runs[name].id)
    assert f"Your own {kind.one}" in told(app) and kind.fits in told(app)
    app = upload(app, given.name, given.content)
    assert all(note in told(app) for note in given.notes), told(app)
    app = press(app, "/start")
    assert "manifold" in told(app) and f"held-out {kind.many}" in told(app), told(app)
    assert not app.error and [button for button in app.button if button.label == "Go there"]
    if not kind.pixels:
        assert [block for block in app.get("bidi_component") if "plates" in str(block.proto)]


@pytest.mark.timeout(240)
@pytest.mark.parametrize("name", KINDS)
def test_a_file_that_holds_no_such_item_is_refused_in_one_sentence(runs: dict[str, Run], name: str) -> None:
    given = GIVEN[name]
    suffix = given.name.rpartition(".")[2]
    app = upload(open_page("latent.py", run=runs[name].id), f"other.{suffix}", b"no item")
    assert len(app.error) == 1 and given.problem in told(app) and "Choose another" in told(app), told(app)
    app = inputs(open_page("tasks.py", task="reconstruction", run=runs[name].id), f"My {kinds.get(name).many}")
    app = upload(app, f"other.{suffix}", b"no item")
    assert given.problem in told(app) and not app.error, told(app)


@pytest.mark.timeout(280)
@pytest.mark.parametrize("name", KINDS)
def test_a_task_is_done_with_files_of_ones_own(lab: Lab, runs: dict[str, Run], name: str) -> None:
    given, kind = GIVEN[name], kinds.get(name)
    lab.jobs.wait_for(lab.tasks.start(runs[name], lab.tasks.request("denoising", {"steps": 2}, items=8)))
    app = inputs(open_page("tasks.py", task="denoising", options='{"steps":2}', run=runs[name].id), f"My {kind.many}")
    assert f"Until there are {kind.many} of yours" in told(app)
    app = upload(app, given.name, given.content)
    assert all(note in told(app) for note in given.notes), told(app)
    (table,) = [item.value for item in app.html if "genlab-task" in item.value and "<table" in item.value]
    count = 2 if name == "texts" else 1
    assert f"alt='{count} item{'s' if count > 1 else ''}: The items'" in table and "With noise" in table
    assert "of your own nobody knows what is typical" in told(app)


@pytest.mark.timeout(240)
def test_a_text_is_typed(runs: dict[str, Run]) -> None:
    app = open_page("latent.py", run=runs["texts"].id)
    (field,) = [one for one in app.text_input if one.label == "Type a text"]
    assert field.placeholder.startswith("the ")
    app = checked(field.set_value("the dog followed the map").run())
    assert [button for button in app.button if button.key.endswith("/start")] and not app.error
    app = checked(app.text_input(key=field.key).set_value("the unicorn sleeps").run())
    assert "“unicorn”, “sleeps” are not among the 126 words" in told(app) and len(app.error) == 1
    app = inputs(open_page("tasks.py", task="reconstruction", run=runs["texts"].id), "My texts")
    app = checked(app.text_area[0].set_value("the dog followed the map\nthe unicorn sleeps").run())
    assert "Your text, line 2 cannot be used: “unicorn”" in told(app)
    assert "1 item: The items" in "".join(item.value for item in app.html)


@pytest.mark.timeout(240)
def test_what_ranks_shows_pictures_of_ones_own_items(runs: dict[str, Run]) -> None:
    run = runs["sound"]
    app = inputs(open_page("tasks.py", task="anomaly", options='{"steps":2}', run=run.id), "My sounds")
    app = upload(app, "mine.wav", GIVEN["sound"].content)
    assert "Your items, the most unlike first" in told(app)
    (ranked,) = [item.value for item in app.html if "<div class='genlab-ranked'>" in item.value]
    assert ranked.count("data:image/png;base64,iVBOR") == 1


def test_a_film_of_pictures_in_a_folder_is_one_item(runs: dict[str, Run]) -> None:
    app = inputs(open_page("tasks.py", task="reconstruction", run=runs["film"].id), "A folder of mine")
    frames = [(f"walk/{number}.png", _still(number), "image/png") for number in range(12)]
    app.get("file_uploader")[0].set_value(frames)
    assert "It has 12 frames, some of which stand longer" in told(checked(app.run()))


def _still(number: int) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.full((20, 20), 20 * number, np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize("name", KINDS)
def test_a_lab_for_looking_takes_nothing(runs: dict[str, Run], name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENLAB_READ_ONLY", "1")
    app = open_page("latent.py", run=runs[name].id)
    assert f"takes no {kinds.get(name).many}" in told(app) and not app.get("file_uploader")


def test_uploaders_offer_the_endings_of_the_kind_and_a_size(runs: dict[str, Run]) -> None:
    app = open_page("latent.py", run=runs["sound"].id)
    (uploader,) = app.get("file_uploader")
    assert ".flac" in uploader.proto.type and ".png" not in uploader.proto.type
    assert uploader.proto.max_upload_size_mb == own_items.MOST_MIB == 256


def test_pictures_of_items_are_pngs_and_of_films_the_first_frame() -> None:
    from genlab.datasets.foreign.single import fit_items
    from genlab.kinds.base import DataLike, OwnFile

    film, shape = kinds.get("film"), (1, 4, 8, 8)
    item = fit_items([OwnFile("a.gif", lambda: animation())], film, DataLike(shape)).items[0].content
    (png,) = own_items.pictures("film", (), shape, [item])
    assert Image.open(io.BytesIO(png)).size == (8, 8)
    assert own_items.pictures("images", (), (1, 8, 8), [b"as it is"]) == [b"as it is"]
