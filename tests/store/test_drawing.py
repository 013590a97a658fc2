"""While a page is drawn, what was looked for is not looked for again, until its stamp changes."""

from __future__ import annotations

from threading import Thread

from genlab.store.drawing import drawing, is_drawing, may_note, once


def test_outside_a_drawing_every_look_is_one():
    looks: list[int] = []
    for _ in range(2):
        once("runs", 0, lambda: looks.append(1))
    assert len(looks) == 2


def test_a_drawing_looks_once_for_each_key_and_again_when_the_stamp_changes():
    looks: list[str] = []
    with drawing(note=True):
        for key, stamp in (("runs", 0), ("runs", 0), ("matches", 0), ("runs", 1), ("runs", 1)):
            assert once(key, stamp, lambda said=f"{key} {stamp}": looks.append(said) or said) == f"{key} {stamp}"
    assert looks == ["runs 0", "matches 0", "runs 1"]


def test_the_next_drawing_looks_again():
    looks: list[int] = []
    for _ in range(2):
        with drawing(note=True):
            once("runs", 0, lambda: looks.append(1))
    assert len(looks) == 2


def test_a_part_sees_what_the_page_around_it_has_seen_and_the_page_what_its_part_has():
    with drawing(note=True):
        assert once("runs", 0, lambda: "first") == "first"
        with drawing(note=False):
            assert not may_note()
            assert once("runs", 0, lambda: "second") == "first"
            assert once("data", 0, lambda: "data") == "data"
        assert may_note()
        assert once("data", 0, lambda: "again") == "data"


def test_nothing_found_is_remembered_as_well():
    looks: list[int] = []
    with drawing(note=True):
        for _ in range(2):
            assert once("nothing", 0, lambda: looks.append(1)) is None
    assert len(looks) == 1


def test_another_thread_draws_nothing():
    told: list[bool] = []
    with drawing(note=True):
        thread = Thread(target=lambda: told.append(is_drawing() or may_note()))
        thread.start()
        thread.join()
    assert told == [False] and not is_drawing()
