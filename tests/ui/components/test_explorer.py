"""What the explorer tells the browser, and what of the browser's answers reaches Python."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest

from genlab.ui.components import assets
from genlab.ui.components.explorer import ExplorerSource, Group, Latent, Point, Walk, belongs, pack, parse, unpack


@pytest.mark.parametrize("items", [[], [0], [7], [8], [0, 1, 63, 64, 99], list(range(100))])
def test_a_selection_travels_as_bits(items):
    text = pack(items, 100)
    assert len(base64.b64decode(text)) == 13
    assert unpack(text).tolist() == items


def test_the_first_item_is_the_lowest_bit():
    assert base64.b64decode(pack([0, 9], 16)) == bytes([1, 2])


def test_seventy_thousand_flags_are_small():
    assert len(pack(np.arange(0, 70_000, 2), 70_000)) < 12_000


def test_nothing_settled_is_an_empty_state():
    state = parse({}, 2)
    assert [items.tolist() for items in state.selection] == [[], []]
    assert state.latent is None
    assert state.walk == Walk()
    assert (state.projection, state.colour) == ("", "")
    assert state.save_group is state.send_to_compare is state.export_walk is None


def test_what_was_settled_is_read():
    bits = [pack([1, 2], 10), pack([3], 20)]
    state = parse(
        {
            "selection": {"bits": bits, "counts": [2, 1]},
            "latent": {"source": 1, "z": [0.5, -1], "y": 3.0, "item": None},
            "walk": {
                "source": 0,
                "points": [{"kind": "item", "index": 4}, {"kind": "latent", "z": [1, 2]}],
                "loop": True,
            },
            "view": {"projection": "umap", "colour": "class"},
            "save_group": {"name": "  sevens ", "bits": bits},
            "send_to_compare": {"bits": bits},
        },
        2,
    )
    assert [items.tolist() for items in state.selection] == [[1, 2], [3]]
    assert state.latent == Latent((0.5, -1.0), 3, 1, None)
    assert state.walk == Walk((Point(4), Point(None, (1.0, 2.0))), True, None, 0)
    assert (state.projection, state.colour) == ("umap", "class")
    assert state.save_group is not None and state.save_group.name == "sevens"
    assert state.save_group.items[1].tolist() == [3]
    assert state.send_to_compare is not None and state.send_to_compare[0].tolist() == [1, 2]


def test_a_film_is_of_the_walk_that_came_with_it():
    walk = {
        "points": [{"kind": "item", "index": 1}, {"kind": "item", "index": 2}],
        "source": 0,
        "loop": False,
        "y": None,
    }
    state = parse({"walk": {"points": []}, "export_walk": {"format": "gif", **walk}}, 1)
    assert state.export_walk == "gif"
    assert state.walk.points == (Point(1), Point(2))
    assert parse({"export_walk": {"format": "exe", **walk}}, 1).export_walk is None


@pytest.mark.parametrize(
    "found",
    [
        {"selection": "x", "latent": 5, "walk": [], "view": "x", "save_group": {"name": 3}, "export_walk": "gif"},
        {"selection": {"bits": "AAAA"}, "latent": {"z": "1,2"}, "walk": {"points": "x"}, "view": {"projection": 3}},
        {"selection": {"bits": ["é!", 3]}, "latent": {"z": [1, "2"]}, "walk": {"points": [3, {"kind": "item"}]}},
        {"selection": {"bits": []}, "latent": {"z": [float("nan")]}, "save_group": {"name": "   ", "bits": []}},
        {"latent": {"z": [1.0], "source": 9}, "walk": {"points": [{"index": -1}, {"index": 1.5}, {"z": []}]}},
        {"latent": {"z": []}, "view": {"colour": "x" * 1000}, "walk": {"points": [], "source": -3}},
    ],
)
def test_what_makes_no_sense_is_left_out_and_breaks_nothing(found):
    state = parse(found, 2)
    assert [items.tolist() for items in state.selection] == [[], []]
    assert state.latent is None
    assert state.walk.points == ()
    assert (state.projection, state.colour) == ("", "")
    assert state.save_group is None and state.export_walk is None


def test_a_walk_has_four_points_at_most():
    points = [{"kind": "item", "index": i} for i in range(9)]
    assert len(parse({"walk": {"points": points}}, 1).walk.points) == 4


def test_what_the_browser_is_told_is_plain_json():
    source = ExplorerSource("run-1", "key-1", "v2", ("pca",), ({"name": "d", "method": "group", "vector": [1.0, 0.0]},))
    group = Group("mine", (np.array([0, 3]), None), (8, 4))
    document = json.loads(json.dumps([source.document(), group.document()]))
    assert document[0]["base"] == "genlab/runs/run-1/latent/key-1/"
    assert document[0]["decode"] == "genlab/runs/run-1/decode"
    assert document[1] == {"name": "mine", "bits": [base64.b64encode(bytes([9])).decode(), None]}


def test_its_files_are_served():
    assert assets.address("explorer/index.js").startswith(f"genlab/assets/{assets.version()}/")
    assert ".explorer" in assets.source("explorer/explorer.css")


def test_what_was_settled_on_another_exploration_does_not_count():
    base = "genlab/runs/a/latent/k/"
    assert belongs({"of": [base], "z": [1]}, [base])
    assert not belongs({"of": [base], "z": [1]}, [base, base])
    assert not belongs({"of": ["genlab/runs/b/latent/k/"], "z": [1]}, [base])
    assert not belongs({"z": [1]}, [base])
    assert not belongs(None, [base])
