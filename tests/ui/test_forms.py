from __future__ import annotations

import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from genlab.config import RunConfig, change
from genlab.lab import Lab
from genlab.ui.forms import folds

TOY = """
import json
from typing import Annotated, Literal
import streamlit as st
from genlab.options import Options, setting
from genlab.registry import Choice, FromRegistry
from genlab.presentation.fields import describe
from genlab.ui.forms import draw

class Inner(Options):
    depth: int = setting(3, "how deep", ge=1, le=9)

class Toy(Options):
    on: bool = setting(True, "whether")
    rate: float = setting(2e-4, "how fast", gt=0, le=1, log=True, advanced=True)
    maybe: int | None = setting(None, "empty decides by itself", ge=2)
    filled: int | None = setting(4, "may be emptied", ge=2)
    side: Literal[1, 3] | None = setting(None, "which side")
    way: Literal["a", "b", "c", "d", "e"] = setting("b", "which way")
    extras: list[Literal["a", "b"]] = setting([], "which extras")
    penalty: Annotated[Choice, FromRegistry("penalties")] = setting({"name": "r1", "weight": 3.0}, "which penalty")
    inner: Inner = setting(Inner(), "more of it")
    names: tuple[str, ...] = setting((), "which names")
    table: dict[str, int] = setting({}, "anything")
NEW
changes = {}
draw(describe(Toy(), "toy."), "images", "form", changes)
st.session_state["changes"] = changes
"""


def toy(tmp_path: Path, new: str = "") -> AppTest:
    path = tmp_path / "toy.py"
    path.write_text(TOY.replace("NEW", new))
    return AppTest.from_file(str(path), default_timeout=60).run()


def changes(app: AppTest) -> dict:
    assert not app.exception
    return app.session_state["changes"]


@pytest.fixture(autouse=True)
def _forget_scripts():
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name.startswith("toy"):
            del sys.modules[name]


def test_an_untouched_form_changes_nothing(tmp_path):
    assert changes(toy(tmp_path)) == {}


def test_what_is_changed_is_named_by_its_path(tmp_path):
    app = toy(tmp_path)
    app.toggle(key="form/toy.on").set_value(False)
    app.number_input(key="form/toy.rate").set_value(0.5)
    app.number_input(key="form/toy.maybe").set_value(6)
    app.number_input(key="form/toy.inner.depth").set_value(5)
    app.selectbox(key="form/toy.way").set_value("e")
    app.multiselect(key="form/toy.extras").set_value(["b"])
    app.text_input(key="form/toy.names").set_value("a, b c,")
    app.text_input(key="form/toy.table").set_value('{"x": 1}')
    found = changes(app.run())
    assert found == {
        "toy.on": False,
        "toy.rate": 0.5,
        "toy.maybe": 6,
        "toy.inner.depth": 5,
        "toy.way": "e",
        "toy.extras": ["b"],
        "toy.names": ("a", "b c"),
        "toy.table": {"x": 1},
    }


def test_an_optional_value_can_be_emptied(tmp_path):
    app = toy(tmp_path)
    assert app.number_input(key="form/toy.filled").value == 4
    app.number_input(key="form/toy.filled").set_value(None)
    assert changes(app.run()) == {"toy.filled": None}


def test_picking_another_entry_brings_its_own_settings(tmp_path):
    app = toy(tmp_path)
    assert app.number_input(key="form/r1/toy.penalty.weight").value == 3.0
    app.selectbox(key="form/toy.penalty").set_value("gradient_penalty").run()
    assert changes(app) == {"toy.penalty": "gradient_penalty"}
    app.number_input(key="form/gradient_penalty/toy.penalty.weight").set_value(7.0)
    assert changes(app.run()) == {"toy.penalty": "gradient_penalty", "toy.penalty.weight": 7.0}
    app.selectbox(key="form/toy.penalty").set_value("r1").run()
    assert changes(app) == {}


def test_a_new_setting_appears_by_itself(tmp_path):
    app = toy(tmp_path, '    surprise: int = setting(7, "a new one", ge=1, unit="steps")')
    field = app.number_input(key="form/toy.surprise")
    assert (field.value, field.label, field.min) == (7, "Surprise (steps)", 1)
    field.set_value(9)
    assert changes(app.run()) == {"toy.surprise": 9}


def test_json_that_is_none_is_refused_in_place(tmp_path):
    app = toy(tmp_path)
    app.text_input(key="form/toy.table").set_value("{").run()
    assert changes(app) == {}
    assert "not valid JSON" in app.error[0].value


SETTINGS = """
import streamlit as st
from genlab.lab import Lab
from genlab.ui.forms import settings_form
lab = Lab(WORKSPACE)
base = lab.configs.draft(MODEL, DATA, "quick")
st.session_state["changes"] = settings_form(base, lab.data.describe(DATA).kind, "form")
"""


def whole(tmp_path: Path, model: str, data: str) -> AppTest:
    path = tmp_path / "toy_whole.py"
    text = SETTINGS.replace("WORKSPACE", repr(str(tmp_path))).replace("MODEL", repr(model)).replace("DATA", repr(data))
    path.write_text(text)
    return AppTest.from_file(str(path), default_timeout=60).run()


@pytest.mark.parametrize(("model", "data"), [("vae", "mnist-5k"), ("gan", "ring"), ("soft_intro_vae", "shapes")])
def test_a_whole_form_offers_every_setting_and_changes_nothing(tmp_path, model, data):
    app = whole(tmp_path, model, data)
    assert changes(app) == {}
    base = Lab(tmp_path).configs.draft(model, data, "quick")
    for fields in folds(base).values():
        for field in fields:
            assert app.get_by_key(f"form/{field.path}") is not None


def test_changes_make_the_configuration_they_show(tmp_path):
    app = whole(tmp_path, "gan", "mnist-5k")
    app.selectbox(key="form/model.loss").set_value("hinge")
    app.number_input(key="form/latent_dim").set_value(5)
    app.number_input(key="form/training.batch_size").set_value(16)
    app.run()
    config = change(Lab(tmp_path).configs.draft("gan"), changes(app))
    assert (config.model.options.loss.name, config.latent_dim, config.training.batch_size) == ("hinge", 5, 16)


def test_networks_that_do_not_fit_are_not_offered(tmp_path):
    app = whole(tmp_path, "gan", "ring")
    assert "Convolutional" not in app.selectbox(key="form/network").options
    assert "Convolutional" in whole(tmp_path, "gan", "mnist-5k").selectbox(key="form/network").options


def test_settings_of_the_data_set_itself_are_offered(tmp_path):
    app = whole(tmp_path, "vae", "shapes")
    field = app.number_input(key="form/shapes/data.options.count")
    field.set_value(field.value + 1)
    assert changes(app.run()) == {"data.options.count": field.value}


def test_folds_keep_what_is_asked_elsewhere_out():
    paths = [field.path for fields in folds(RunConfig()).values() for field in fields]
    assert {"name", "data.name", "training.seed", "schema_version"} & set(paths) == set()
    assert len(paths) == len(set(paths))
