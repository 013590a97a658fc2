"""Names from outside: which encoding a zip's names are in, and any name as text that can be shown and kept."""

from __future__ import annotations

import codecs
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from genlab.errors import InputError
from genlab.text import displayable

UNICODE_PATH = 0x7075
"""Identifier of the extra field in which Info-ZIP stores a name as UTF-8."""
UTF8_FLAG = 0x800
ZIP_DEFAULT = "cp437"
GUESSES = ("gb18030", "big5", "cp932", "cp949", "cp866", "cp1251", "cp437", "cp850", "cp1252")
"""What Windows packs names in where it does not use UTF-8: Chinese, Japanese, Korean, Russian, Western."""
CYRILLIC = {"cp866", "cp1251"}
JOINERS = "\u200c\u200d"
"""Not printable by themselves, but parts of letters and emoji."""
MOST_LETTERS = 255
"""Longest name of a file, a folder or a class, in characters; file systems take no longer ones."""


@dataclass(frozen=True)
class ZipNames:
    """The names of a zip's members.

    Attributes:
        names: In the archive's order.
        encoding: What those that do not say their encoding were read as; None where all of them say it.
        guessed: Whether that is a guess.
    """

    names: tuple[str, ...]
    encoding: str | None = None
    guessed: bool = False


def shown(name: str) -> str:
    """``name`` as text that can be shown and stored: letters composed, no bytes that are not UTF-8, no controls.

    Such bytes and controls are spelt out, so that different names stay different.
    """
    text = displayable(name)
    text = "".join(letter if letter.isprintable() or letter in JOINERS else _escaped(letter) for letter in text)
    return unicodedata.normalize("NFC", text)


def short(name: str, most: int = 60) -> str:
    """``name`` as it stands in a sentence: cut in the middle where it is long."""
    return name if len(name) <= most else f"{name[: most // 2]}…{name[-(most // 2 - 1) :]}"


def zip_names(archive: zipfile.ZipFile, encoding: str | None) -> ZipNames:
    """The names of all members: as they say themselves, else in ``encoding``, else as UTF-8, else by a guess.

    Raises:
        InputError: When ``encoding`` is unknown, or a name is not in it.
    """
    members = archive.infolist()
    raws = [_raw(member) for member in members]
    unsaid = sorted({raw for raw in raws if raw is not None and not raw.isascii()})
    chosen, guessed = encoding, False
    if encoding is not None:
        _check_encoding(encoding)
    elif unsaid:
        chosen, guessed = _guess(unsaid)
    names: list[str] = []
    for member, raw in zip(members, raws, strict=True):
        if raw is None:
            names.append(_said(member) or member.filename)
            continue
        try:
            names.append(raw.decode("ascii" if raw.isascii() else chosen or ZIP_DEFAULT))
        except (UnicodeError, ValueError) as error:
            raise InputError(
                f"The name {raw[:60]!r} in the archive is not {chosen}.",
                "Choose another encoding of the names, or leave it to be found.",
                kind="bad_value",
            ) from error
    return ZipNames(tuple(names), chosen if unsaid else None, guessed)


def _raw(member: zipfile.ZipInfo) -> bytes | None:
    """The bytes of a member's name; None where the archive says what they mean."""
    if member.flag_bits & UTF8_FLAG or _said(member) is not None:
        return None
    return member.orig_filename.encode(ZIP_DEFAULT).split(b"\0")[0]


def _said(member: zipfile.ZipInfo) -> str | None:
    """The name in the member's Unicode-path field, if it has one that belongs to it."""
    if member.flag_bits & UTF8_FLAG:
        return None
    extra = member.extra
    while len(extra) >= 4:
        kind, length = int.from_bytes(extra[:2], "little"), int.from_bytes(extra[2:4], "little")
        field, extra = extra[4 : 4 + length], extra[4 + length :]
        if kind != UNICODE_PATH or len(field) < 5 or field[0] != 1:
            continue
        if int.from_bytes(field[1:5], "little") != zlib.crc32(member.orig_filename.encode(ZIP_DEFAULT)):
            return None
        try:
            return field[5:].decode("utf-8")
        except UnicodeDecodeError:
            return None
    return None


def _guess(raws: Sequence[bytes]) -> tuple[str, bool]:
    """The encoding of names that do not say theirs, and whether it is a guess."""
    if _decoded(b"\n".join(raws), "utf-8") is not None:
        return "utf-8", False
    from charset_normalizer import from_bytes

    parts = sorted({part for raw in raws for part in raw.split(b"/") if not part.isascii()})
    text = b"\n".join(parts)
    best = from_bytes(text, cp_isolation=list(GUESSES)).best()
    found = best.encoding if best is not None else ZIP_DEFAULT
    words = [word for part in (_decoded(text, found) or "").split("\n") for word in re.split(r"[\W\d_]+", part) if word]
    foreign = [word for word in words if not word.isascii()]
    latin = [any(letter.isascii() for letter in word) for word in foreign]
    # A handful of letters is little to go by, so what is common comes before what is possible.
    if _is_simplified_chinese(text) and not (found == "cp949" and _is_korean(text)):
        return "gb18030", True
    if foreign and (all(latin) or (found in CYRILLIC and any(latin))):
        return ZIP_DEFAULT, True
    if found in CYRILLIC and not foreign:
        return ZIP_DEFAULT, True
    if found == "cp932" and re.search("[\uff61-\uff9f]", _decoded(text, found) or "") and _decoded(text, "big5"):
        return "big5", True
    return found, True


def _is_simplified_chinese(text: bytes) -> bool:
    """Whether it is GB 2312 with mostly common characters, which are those of its first level."""
    decoded = _decoded(text, "gb2312")
    leads = [letter.encode("gb2312")[0] for letter in decoded or "" if not letter.isascii()]
    return 2 * sum(0xB0 <= lead <= 0xD7 for lead in leads) > len(leads)


def _is_korean(text: bytes) -> bool:
    """Whether it is nothing but Hangul, and enough of it that Chinese would not look so by chance."""
    letters = [letter for letter in _decoded(text, "cp949") or "" if not letter.isascii()]
    return len(letters) > 4 and all("가" <= letter <= "힣" for letter in letters)


def _decoded(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeError:
        return None


def _check_encoding(encoding: str) -> None:
    try:
        known = codecs.lookup(encoding)._is_text_encoding
    except (LookupError, ValueError):
        known = False
    if not known:
        raise InputError(
            f"{short(shown(encoding))!r} is not the name of an encoding.",
            "Use one such as gbk, shift_jis, cp866, cp437 or utf-8.",
            kind="bad_value",
        )


def _escaped(letter: str) -> str:
    code = ord(letter)
    return " " if unicodedata.category(letter) == "Zs" else f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
