"""The strength of an edit: what the browser is told of codes and of the way that they are moved along."""

from __future__ import annotations

import base64

import numpy as np

from genlab.ui.components.strength import Moved


def test_codes_travel_as_they_are_with_the_place_of_the_decoder() -> None:
    codes = np.array([[0.5, -1.25], [2.0, 3e-5]], np.float32)
    source = {"graph": "a.onnx", "weights": None, "decode": "d", "media": "left out"}
    told = Moved("A <b>", codes, codes[::-1], ("cat", "dog"), (3, 5), (1, 4, 6), 512, source).document()
    for name, values in (("codes", codes), ("ways", codes[::-1])):
        found = np.frombuffer(base64.b64decode(told[name]), "<f4").reshape(2, 2)
        np.testing.assert_array_equal(found, values)
    assert (told["dim"], told["shape"], told["classes"]) == (2, [1, 4, 6], [3, 5])
    assert told["source"] == {"graph": "a.onnx", "weights": None, "decode": "d"} and told["towards"] == ["cat", "dog"]
    assert Moved("A", codes, codes, ("cat", "dog"), None, (1, 4, 6), 512, {}).document()["classes"] is None
