"""Files and texts of one's own on the command line: placed, given to tasks, told what was done to them, or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.commands.own import content_of, own_files
from genlab.datasets.foreign import single
from genlab.errors import InputError
from genlab.lab import Lab
from genlab.worker.inline import InlineLauncher
from tests.kinds.test_film_files import animation
from tests.kinds.test_recordings import sine, wav
from tests.pages.test_kinds import TINY, data_of
from tests.support.command import Capture
from tests.support.features import hasty_features  # noqa: F401

FILES = {"sound": ("mine.wav", wav(sine(3.0))), "film": ("mine.gif", animation(40)), "texts": ("mine.txt", b"")}


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a VAE of sounds, one of films and one of texts, called by their kind."""
    lab = Lab(tmp_path_factory.mktemp("own"), launcher=InlineLauncher())
    for name in FILES:
        run = lab.runs.submit(lab.configs.make("vae", data_of(name), "quick", {**TINY, "name": name}))
        assert run.state == "completed", run.error
    return lab.workspace.path


@pytest.fixture(autouse=True)
def _workspace(cli: Capture, trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENLAB_WORKSPACE", str(trained))
    monkeypatch.setattr("genlab.lab.default_launcher", InlineLauncher)


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A folder with a file of each kind."""
    folder = tmp_path / "mine"
    folder.mkdir()
    for name, content in FILES.values():
        (folder / name).write_bytes(content)
    (folder / "mine.txt").write_text("The dog follows the map.\nthe cat sees the boat\n", encoding="utf-8")
    return folder


def test_files_come_in_the_order_of_their_names_and_texts_behind_them(mine: Path) -> None:
    (mine / ".hidden").write_bytes(b"x")
    found = own_files([mine], ["typed"])
    assert [Path(name).name for name, _ in found] == ["mine.gif", "mine.txt", "mine.wav", ""]
    assert found[-1] == ("", "typed") and found[2][1] == FILES["sound"][1]


def test_files_that_are_not_there_or_too_large_are_not_read(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match=r"nothing\.wav cannot be read: No such file"):
        own_files([mine / "nothing.wav"])
    monkeypatch.setattr(single, "MOST_BYTES", 2**10)
    with pytest.raises(InputError, match="at most 0 MiB are read"):
        content_of(mine / "mine.wav")


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("run", "note"),
    [
        ("sound", "It lasts 3.00 s: its loudest 0.26 s are kept."),
        ("film", "Of its 40 frames 16 are kept, spread evenly over it, at 16 × 16 px, in grey."),
        ("texts", "It is read in small letters."),
    ],
)
def test_a_file_of_every_kind_is_placed(cli: Capture, mine: Path, run: str, note: str) -> None:
    words = ("latent", "invert", run, str(mine / FILES[run][0]))
    (found,) = cli.json(*words)["images"]
    assert found["file"] == words[-1] and note in found["notes"]
    assert found["residual"] > 0 and 0 <= found["percentile"] <= 1 and len(found["neighbours"]) == 8
    assert Path(found["picture"]).is_file()
    code, out, err = cli(*words)
    assert code == 0 and "that fit better" in out and note in err
    if run == "texts":
        assert found["text"] == "the dog follows the map" and found["reconstruction"]
        assert "There are 2 texts: the first is taken." in found["notes"] and "reconstruction" in out


@pytest.mark.timeout(240)
def test_a_typed_text_is_placed(cli: Capture) -> None:
    (found,) = cli.json("latent", "invert", "texts", "--text", "the dogs will not see the bridge")["images"]
    assert found["file"] == found["text"] == "the dogs will not see the bridge" and found["notes"] == []


@pytest.mark.timeout(240)
def test_tasks_take_them_and_write_what_is_heard_watched_and_read(cli: Capture, mine: Path, tmp_path: Path) -> None:
    endings = {"sound": ".wav", "film": ".webp", "texts": ".txt"}
    for run, ending in endings.items():
        out, words = tmp_path / run, ("task", "denoising", run, "--set", "steps=2", "--own", str(mine / FILES[run][0]))
        document = cli.json(*words, "--out", str(out))["runs"][0]
        count = 2 if run == "texts" else 1
        assert document["own"] and document["items"] == len(document["inputs"]) == count
        assert document["inputs"][0]["notes"]
        written = {path.name for path in out.rglob(f"*{ending}")}
        assert {f"truth{ending}", f"encoder{ending}"} <= written, written


@pytest.mark.timeout(240)
def test_texts_are_completed_and_read_beside_each_other(cli: Capture) -> None:
    words = ("task", "inpainting", "texts", "--set", "steps=2", "--text", "the dog follows the map")
    document = cli.json(*words)["runs"][0]
    by_name = {answer["name"]: answer for answer in (*document["baselines"], *document["answers"])}
    assert by_name["truth"]["text"] == ["the dog follows the map"]
    assert len(by_name["encoder"]["text"]) == 1 and document["inputs"] == [{"name": "Your text", "notes": []}]
    code, out, _ = cli(*words)
    assert code == 0 and "text 1" in out and "the dog follows the map" in out
    assert "Symbols right" in out and "SSIM" not in out, "measures that nothing has are left out"


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("words", "kind", "message"),
    [
        (
            ("latent", "invert", "texts", "--text", "the unicorn sleeps"),
            "bad_file",
            "“unicorn”, “sleeps” are not among",
        ),
        (("latent", "invert", "sound", "--text", "la"), "bad_value", "Sounds cannot be typed"),
        (("latent", "invert", "sound", "MINE/mine.txt"), "bad_file", "it is none of WAV, FLAC, OGG and MP3"),
        (("latent", "invert", "film", "MINE/mine.wav"), "bad_file", "it is neither a GIF, WebP or PNG"),
        (("latent", "invert", "texts", "MINE/mine.wav"), "bad_file", "it is not text in any encoding"),
        (("latent", "invert", "sound", "MINE/mine.wav", "--negative"), "bad_value", "Of sounds dark and light"),
        (("latent", "invert", "sound"), "bad_usage", "Nothing is named that is to be placed"),
        (("task", "denoising", "sound", "--own", "MINE"), "bad_file", "mine.gif cannot be read"),
        (("task", "inpainting", "texts", "--text", "..."), "bad_file", "Your text cannot be used: it says nothing"),
        (("task", "synthesis", "texts", "--text", "the dog follows the map"), "bad_value", ""),
    ],
)
def test_what_cannot_be_used_is_one_sentence_and_a_next_step(
    cli: Capture, mine: Path, words: tuple[str, ...], kind: str, message: str
) -> None:
    error = cli.json(*(word.replace("MINE", str(mine)) for word in words), code=2)["error"]
    assert error["kind"] == kind and message in error["message"] and error["hint"]


@pytest.mark.timeout(240)
def test_dark_and_light_of_ones_own_change_places(cli: Capture, mine: Path) -> None:
    words = ("task", "reconstruction", "film", "--set", "steps=2", "--own", str(mine / "mine.gif"))
    usual, swapped = (cli.json(*words, *more)["runs"][0] for more in ((), ("--negative",)))
    assert usual["folder"] != swapped["folder"]
