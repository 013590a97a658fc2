"""Films of people's own, odd ones included: read right, or refused with the reason."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import av
import numpy as np
import pytest
from PIL import Image

from genlab.datasets.foreign import importer
from genlab.datasets.foreign._archive import Limits
from genlab.datasets.foreign._kind_files import kind_of
from genlab.datasets.store._opened import open_store
from genlab.errors import InputError
from genlab.kinds._film_files import Cutting, _taken, _times, chosen, decoded, gathered, moves, natural
from genlab.kinds.base import OwnFile

SIDE = 32


def shade(frame: int, count: int) -> int:
    """The grey value of a frame: each has another."""
    return 20 + round(200 * frame / max(1, count - 1))


def picture(value: int, size: tuple[int, int] = (SIDE, SIDE), mode: str = "RGB") -> Image.Image:
    return Image.new("L", size, value).convert(mode)


def animation(
    count: int = 10, form: str = "GIF", duration: int | list[int] = 100, size: tuple[int, int] = (SIDE, SIDE)
) -> bytes:
    frames = [picture(shade(frame, count), size) for frame in range(count)]
    buffer = io.BytesIO()
    how = {"lossless": True} if form == "WEBP" else {}
    frames[0].save(buffer, form, save_all=True, append_images=frames[1:], duration=duration, loop=0, **how)
    return buffer.getvalue()


def video(
    count: int = 10,
    form: str = "mp4",
    codec: str = "libx264",
    size: tuple[int, int] = (SIDE, SIDE),
    times: Sequence[int] | None = None,
    rate: int = 10,
    half: bool = False,
) -> bytes:
    """A video whose frames have `shade`; with ``half`` their left half is black."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=form) as container:
        stream = container.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt = *size, "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, rate)
        stream.options = {"g": "10"}
        for frame in range(count):
            image = picture(shade(frame, count), size)
            if half:
                image.paste(0, (0, 0, size[0] // 2, size[1]))
            made = av.VideoFrame.from_image(image)
            made.pts = frame if times is None else times[frame]
            made.time_base = Fraction(1, rate)
            container.mux(stream.encode(made))
        container.mux(stream.encode())
    return buffer.getvalue()


def sound() -> bytes:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=8_000)
        made = av.AudioFrame.from_ndarray(np.zeros((1, 1_024), np.float32), format="fltp", layout="mono")
        made.sample_rate = 8_000
        container.mux(stream.encode(made))
        container.mux(stream.encode())
    return buffer.getvalue()


def read(content: bytes, frames: int = 5, part: str = "all", fit: str = "crop", size: int = 16) -> np.ndarray:
    return decoded(lambda: content, Cutting(frames, size, part, fit))  # type: ignore[arg-type]


def shades(film: np.ndarray) -> list[int]:
    """The grey value in the middle of each frame."""
    return film[:, film.shape[1] // 2, film.shape[2] // 2].mean(axis=1).round().astype(int).tolist()


READ: dict[str, Callable[[], bytes]] = {
    "gif": lambda: animation(),
    "webp": lambda: animation(form="WEBP"),
    "apng": lambda: animation(form="PNG"),
    "mp4": lambda: video(),
    "mp4 of MPEG-4": lambda: video(codec="mpeg4"),
    "mov": lambda: video(form="mov"),
    "webm": lambda: video(form="webm", codec="libvpx"),
    "mkv": lambda: video(form="matroska"),
    "avi": lambda: video(form="avi", codec="mjpeg"),
}


@pytest.mark.parametrize("name", READ)
def test_formats_that_are_read(name: str) -> None:
    film = read(READ[name]())
    assert film.shape == (5, 16, 16, 3) and film.dtype == np.uint8
    expected = [shade(frame, 10) for frame in (0, 2, 4, 6, 9)]
    assert np.abs(np.array(shades(film)) - expected).max() <= (1 if name in {"gif", "webp", "apng"} else 6)


def test_frames_are_chosen_by_the_time_that_they_stand() -> None:
    long_first = animation(4, duration=[1_000, 20, 20, 20])
    assert shades(read(long_first, 4)) == [shade(0, 4)] * 3 + [shade(3, 4)]
    varying = video(6, form="matroska", times=[0, 1, 2, 3, 4, 20])
    assert np.abs(np.array(shades(read(varying, 3))) - [shade(0, 6), shade(4, 6), shade(5, 6)]).max() <= 6


@pytest.mark.parametrize(
    ("part", "frames"), [("first", [0, 1, 2, 3]), ("middle", [48, 49, 50, 51]), ("all", [0, 33, 66, 99])]
)
def test_long_films_are_cut_as_is_asked_for(part: str, frames: list[int]) -> None:
    for content, off in ((animation(100), 1), (video(100), 4)):
        found = np.array(shades(read(content, 4, part)))
        assert np.abs(found - [shade(frame, 100) for frame in frames]).max() <= off


def test_a_long_video_is_entered_at_key_frames() -> None:
    found = np.array(shades(read(video(300), 3)))
    assert np.abs(found - [shade(0, 300), shade(149, 300), shade(299, 300)]).max() <= 4


class Played:
    """A video whose packets and frames are those given; it notes which frames became pictures."""

    stream = SimpleNamespace(time_base=Fraction(1, 10), thread_count=0)

    def __init__(self, places: Sequence[int | None], last: int | None = None) -> None:
        self.places, self.last, self.drawn = places, last, list[int]()

    def demux(self, stream: object) -> list[SimpleNamespace]:
        return [SimpleNamespace(pts=place, is_discard=False, duration=self.last) for place in self.places]

    def seek(self, place: int, **how: object) -> None:
        """Every frame is met again."""

    def decode(self, stream: object) -> list[SimpleNamespace]:
        def draw(place: int) -> Image.Image:
            self.drawn.append(place)
            return picture(place)

        return [SimpleNamespace(pts=at, rotation=0, to_image=lambda at=at: draw(at)) for at in self.places]


def test_a_last_frame_that_says_no_length_stands_as_long_as_the_one_before() -> None:
    assert _times(Played([0, 2, 5]), Played.stream) == pytest.approx([0, 0.2, 0.5, 0.8])
    assert _times(Played([0, 2, 5], last=4), Played.stream) == pytest.approx([0, 0.2, 0.5, 0.9])


def test_frames_before_the_first_one_wanted_and_those_without_a_time_are_passed_over() -> None:
    played = Played([0, 10, None, 20, 30, 40])
    times = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    found = dict(_taken(played, Played.stream, times, [2, 3], Cutting(2, 16, "all", "crop")))
    assert {place: int(shade.max()) for place, shade in found.items()} == {2: 20, 3: 30}
    assert played.drawn == [20, 30]


def test_a_film_that_is_too_short_is_stretched_or_its_last_frame_stays() -> None:
    assert shades(read(animation(2), 4)) == [20, 20, 20, 220]
    assert shades(read(animation(2), 4, "first")) == [20, 220, 220, 220]


def test_chosen_frames_of_unevenly_spaced_ones() -> None:
    cutting = Cutting(3, 16, "middle", "crop")
    assert chosen([0, 1, 2, 3, 4, 5, 6, 7], cutting) == [2, 3, 4]
    assert chosen([0.0, 0.1, 0.2], Cutting(2, 16, "all", "crop")) == [0, 1]


def test_a_video_that_was_held_upright_stands_upright() -> None:
    content = bytearray(video(4, size=(48, SIDE), half=True))
    matrix = content.index(b"tkhd") + 4 + 40
    quarter = [0, 1 << 16, 0, -(1 << 16), 0, 0, SIDE << 16, 0, 1 << 30]
    content[matrix : matrix + 36] = b"".join(value.to_bytes(4, "big", signed=True) for value in quarter)
    film = read(bytes(content), 2, fit="pad")
    upright = film[-1].mean(axis=2)
    assert (upright[:, :2] == 255).all() and (upright[:, -2:] == 255).all(), "it is higher than wide"
    middle = upright[:, 8]
    assert (middle[:7] < 30).all() and (middle[9:] > 180).all(), "its left half is on top"


def test_transparent_frames_stand_on_white() -> None:
    frames = [Image.new("RGBA", (SIDE, SIDE), (0, 0, 0, 0)) for _ in range(2)]
    frames[1].paste((10, 20, 30, 255), (0, 0, SIDE, SIDE))
    buffer = io.BytesIO()
    frames[0].save(buffer, "WEBP", save_all=True, append_images=frames[1:], lossless=True, duration=100)
    film = read(buffer.getvalue(), 2)
    assert film[0].min() == 255 and film[1, 8, 8].tolist() == [10, 20, 30]


@pytest.mark.parametrize(("fit", "border"), [("crop", 20), ("pad", 255)])
def test_frames_that_are_not_square(fit: str, border: int) -> None:
    film = read(animation(4, size=(64, 24)), 4, fit=fit)
    assert film.shape == (4, 16, 16, 3) and film[0, 0, 8, 0] == border


def huge(width: int, height: int) -> bytes:
    """A GIF that says of itself that it is so large."""
    made = animation(2)
    return made[:6] + width.to_bytes(2, "little") + height.to_bytes(2, "little") + made[10:]


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "it is empty"),
    "one frame": (lambda: animation(1), "it has 1 frame, and a film takes at least 2"),
    "one frame of a video": (lambda: video(1), "it has 1 frame, and a film takes at least 2"),
    "a picture": (lambda: animation(1, "PNG"), "it has 1 frame, and a film takes at least 2"),
    "a playlist": (
        lambda: b"#EXTM3U\nhttp://127.0.0.1/film.mp4\n",
        "it is neither a GIF, WebP or PNG that moves nor an MP4",
    ),
    "text": (lambda: b"frames\n" * 50, "it is neither a GIF"),
    "half a GIF": (lambda: animation()[:200], "it is damaged"),
    "the head of a GIF": (lambda: animation()[:8], "it is damaged"),
    "half a WebP": (lambda: animation(form="WEBP")[:150], "it is damaged"),
    "an MP4 without its end": (lambda: video()[:-400], "it is damaged"),
    "half a WebM": (lambda: video(100, "webm", "libvpx")[:120], "it is damaged"),
    "sound alone": (lambda: sound(), "it holds no pictures"),
    "huge frames": (lambda: huge(9_000, 6_000), "its frames have 9,000 × 6,000 px, more than 50 megapixels"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_and_why(name: str) -> None:
    content, why = REFUSED[name]
    with pytest.raises(ValueError, match=why) as caught:
        read(content())
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 120


def test_a_wrong_ending_does_not_matter() -> None:
    items = gathered([OwnFile("film.gif", READ["mp4"])], Cutting(2, 16, "all", "crop"), ())
    assert items.items[0].load().shape == (2, 16, 16, 3)


# Folders of frames


def folder(names: Sequence[str], broken: str = "") -> list[OwnFile]:
    """Pictures that get brighter in the order of ``names``."""

    def content(place: int, name: str) -> bytes:
        if name == broken:
            return b"\x89PNG\r\n\x1a\n and nothing"
        buffer = io.BytesIO()
        picture(shade(place, len(names))).save(buffer, "PNG")
        return buffer.getvalue()

    made = [OwnFile(name, lambda place=place, name=name: content(place, name)) for place, name in enumerate(names)]
    return made[::-1]


def test_the_pictures_of_a_folder_are_a_film_in_the_order_of_their_numbers() -> None:
    files = folder([f"cats/one/frame{number}.png" for number in (1, 2, 9, 10, 11)])
    found = gathered([*files, OwnFile("cats/two.gif", READ["gif"])], Cutting(5, 16, "first", "crop"), ("a note",))
    assert [item.name for item in found.items] == ["cats/one", "cats/two.gif"] and found.notes == ("a note",)
    assert shades(found.items[0].load()) == [shade(place, 5) for place in range(5)]
    assert sorted(["f10", "f9", "F1"], key=natural) == ["F1", "f9", "f10"]


def test_a_picture_alone_and_one_that_is_damaged_are_named() -> None:
    files = [*folder(["alone/1.png"]), *folder(["b/1.png", "b/2.png", "b/3.png"], broken="b/2.png")]
    found = gathered(files, Cutting(3, 16, "all", "crop"), ())
    assert found.problems == [("alone/1.png", "is one picture, and a film takes at least 2 frames")]
    with pytest.raises(ValueError, match=r"^2\.png: it is damaged"):
        found.items[0].load()


def test_what_moves_is_told_from_what_does_not() -> None:
    assert all(moves(OwnFile(f"a.{name}", READ[name])) for name in ("gif", "webp", "apng"))
    assert not moves(OwnFile("a.gif", lambda: animation(1)))
    assert not moves(OwnFile("a.gif", lambda: b"GIF89a"))
    assert not moves(OwnFile("a.jpg", READ["gif"]))


# Data sets


def fill(place: Path, count: int, content: bytes, ending: str = ".gif") -> Path:
    place.mkdir(parents=True)
    for number in range(count):
        (place / f"{number}{ending}").write_bytes(content)
    return place


@pytest.mark.parametrize(
    ("frames", "kind"),
    [(10, "film"), (1, None)],
)
def test_a_folder_of_gifs_holds_films_where_they_move(tmp_path: Path, frames: int, kind: str | None) -> None:
    found = kind_of(fill(tmp_path / "own", 20, animation(frames)), Limits(), None)
    assert (found.name if found else None) == kind


def test_pictures_beside_a_few_films_stay_pictures(tmp_path: Path) -> None:
    place = fill(tmp_path / "own", 20, animation(1, "PNG"), ".png")
    (place / "film.mp4").write_bytes(READ["mp4"]())
    assert kind_of(place, Limits(), None) is None


def test_animations_become_a_data_set_of_films_with_classes(tmp_path: Path) -> None:
    for name in ("up", "down"):
        fill(tmp_path / "own" / name, 9, READ["gif"]())
    (tmp_path / "own" / "up" / "clip.mp4").write_bytes(READ["mp4"]())
    (tmp_path / "own" / "up" / "still.gif").write_bytes(animation(1))
    with pytest.raises(InputError, match=r"still\.gif cannot be read: it has 1 frame") as caught:
        importer.add(tmp_path / "own", "mine", tmp_path / "stores")
    assert caught.value.hint
    info = importer.add(tmp_path / "own", "mine", tmp_path / "stores", on_bad="skip")
    assert (info.kind, info.count, info.skipped) == ("film", 19, 1)
    assert info.shape == (1, 16, 32, 32), "grey videos and animations are grey"
    assert info.classes == ("down", "up")
    assert any("16 frames, spread evenly" in note for note in info.notes)
    data = open_store(tmp_path / "stores" / "added" / "mine")
    assert data.items("train").shape[2:] == (16, 32, 32)


def test_films_without_colours_are_stored_in_grey(tmp_path: Path) -> None:
    info = importer.add(fill(tmp_path / "own", 20, READ["gif"]()), "grey", tmp_path / "stores")
    assert info.shape == (1, 16, 32, 32)
