"""Formats are named by their first bytes, whatever the ending says; then by the ending."""

from __future__ import annotations

import pytest

from genlab.kinds._formats import PLAIN, ending, formats_for, unread


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\x00\x00\x00\x18ftypheic", "HEIC"),
        (b"\x00\x00\x00\x18ftypmif1", "HEIC"),
        (b"\xff\x0a\xfa\x1f", "JPEG XL"),
        (b"%!PS-Adobe-3.0", "PostScript"),
        (bytes(40) + b" EMF", "a Windows metafile"),
        (b"\x76\x2f\x31\x01", "OpenEXR"),
        (bytes(128) + b"DICM", "DICOM"),
        (b'\xef\xbb\xbf \n<?xml version="1.0"?><svg/>', "SVG"),
    ],
)
def test_what_is_not_read_is_named_by_its_first_bytes(head: bytes, name: str) -> None:
    assert unread("a.png", head) == name


@pytest.mark.parametrize(
    "head", [b"\x89PNG\r\n\x1a\n", b"\x00\x00\x00\x18ftypavif", b"<?xml version='1.0'?><html/>", bytes(200), b""]
)
def test_other_files_have_no_such_name(head: bytes) -> None:
    assert unread("a.png", head) is None


def test_then_the_ending_says_it() -> None:
    assert unread("dir.png/A.CR2", b"II*\0") == "a camera's raw format"
    assert unread("a.heif", bytes(9)) == "HEIC" and unread("a.txt", bytes(9)) is None
    assert ending("dir.png/A.JPG") == ".jpg"


def test_formats_that_any_file_might_pass_for_are_read_under_their_own_ending_only() -> None:
    assert formats_for("a.PCX") == (*PLAIN, "PCX") and formats_for("a.png") == formats_for("a") == PLAIN
