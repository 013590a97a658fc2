"""An alarm as it is written: plain values under the promised keys."""

from __future__ import annotations

import json

from genlab.training.watch.advice import ADVISERS
from genlab.training.watch.alarm import TITLES, Advice, Alarm


def test_it_is_plain_json_with_the_promised_keys():
    advice = Advice("It was set up so.", {"penalty": "r1_r2", "beta1": 0.0})
    alarm = Alarm("mode_collapse", 4_096, 8_192, "Seen.", {"watch/modes": 2.0}, advice, ("samples/000000004096.png",))
    document = alarm.as_json()
    assert json.loads(json.dumps(document)) == document
    assert document == {
        "symptom": "mode_collapse",
        "title": "Mode collapse",
        "images": 4_096,
        "last": 8_192,
        "seen": "Seen.",
        "cause": "It was set up so.",
        "settings": {"penalty": "r1_r2", "beta1": 0.0},
        "numbers": {"watch/modes": 2.0},
        "pictures": ["samples/000000004096.png"],
    }


def test_every_symptom_has_a_title():
    assert set(TITLES) == set(ADVISERS)
