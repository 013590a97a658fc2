"""Registries find their modules, and mistakes are loud."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from genlab.errors import InputError, RegistryError
from genlab.registry import PACKAGES, Registry, Spec, lost_plugins, registry
from tests.support.command import genlab

ENTRY = "from genlab.registry import Spec\nSPEC = Spec(title='{title}', summary='An entry.')\n"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A fresh package on the import path; returns a function that writes modules and makes its registry."""
    name = f"toy_{tmp_path.name.replace('-', '_')}"
    folder = tmp_path / name
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))

    def make(**modules: str) -> Registry[Spec]:
        for stem, text in modules.items():
            (folder / f"{stem}.py").write_text(text)
        return Registry(name, Spec)

    yield make
    for module in [m for m in sys.modules if m.startswith(name)]:
        del sys.modules[module]


def test_the_stem_is_the_name_and_helpers_are_not_entries(package):
    entries = package(beta=ENTRY.format(title="B"), alpha=ENTRY.format(title="A"), base="", _help="1/0")
    assert entries.names() == ["alpha", "beta"]
    assert entries.get("alpha").title == "A"
    assert entries.get("alpha").name == "alpha"
    assert "beta" in entries and "base" not in entries and len(entries) == 2


def test_an_unknown_name_is_refused_with_the_closest(package):
    entries = package(hinge=ENTRY.format(title="H"), wasserstein=ENTRY.format(title="W"))
    with pytest.raises(InputError, match="no entry called 'hing'") as caught:
        entries.get("hing")
    assert "hinge" in caught.value.hint
    assert "wasserstein" not in caught.value.hint


def test_a_module_that_does_not_import_is_loud(package):
    with pytest.raises(RegistryError, match=r"broken\.py does not import: division by zero"):
        package(broken="1 / 0").names()


def test_a_module_without_a_spec_is_loud(package):
    with pytest.raises(RegistryError, match="defines no SPEC of type Spec"):
        package(empty="SPEC = 'a string'").names()


def test_two_files_of_one_name_are_loud(package, tmp_path):
    entries = package(hinge=ENTRY.format(title="H"))
    other = tmp_path / "other"
    other.mkdir()
    (other / "hinge.py").write_text(ENTRY.format(title="H2"))
    sys.modules.pop(entries.package, None)
    import importlib

    importlib.import_module(entries.package).__path__.append(str(other))
    with pytest.raises(RegistryError, match="Two files define"):
        entries.names()


ASKED_FOR = {
    ("derivations", "importing"): ("path", "name"),
    ("derivations", "attempt"): ("task",),
    ("derivations", "task"): ("task",),
}
"""Settings without a default: files of a person's own, and what they are to be called; which task it is."""


@pytest.mark.parametrize("kind", sorted(PACKAGES))
def test_every_registry_has_entries_that_say_what_they_are(kind):
    entries = list(registry(kind))
    assert entries
    for spec in entries:
        assert spec.title and spec.summary, spec.name
        assert len(spec.summary) < 160, f"{spec.name}: a summary is one line"
        required = tuple(name for name, field in spec.Options.model_fields.items() if field.is_required())
        assert required == ASKED_FOR.get((kind, spec.name), ()), f"{spec.name}: options have defaults"


@pytest.fixture
def plugins(tmp_path: Path) -> Path:
    (tmp_path / "plugins" / "losses").mkdir(parents=True)
    return tmp_path / "plugins"


@pytest.mark.parametrize("statement", ["raise SystemExit", "raise GeneratorExit"])
def test_whatever_a_plugin_raises_is_one_sentence(plugins: Path, statement: str):
    (plugins / "losses" / "bad.py").write_text(statement)
    for words, code in ((["models"], 1), (["doctor"], 2)):
        ended = genlab(*words, GENLAB_PLUGINS=str(plugins))
        assert ended.returncode == code and "losses/bad.py does not import" in ended.stdout + ended.stderr
        assert "Traceback" not in ended.stderr
    assert "trackers" in ended.stdout, "doctor goes on"


def test_a_plugin_folder_that_is_none_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys):
    from genlab.cli import main

    (tmp_path / "empty").mkdir()
    for folder, why in (("/nope", "is not a folder"), (str(tmp_path / "empty"), "holds no folder of entries")):
        monkeypatch.setenv("GENLAB_PLUGINS", folder)
        assert why in lost_plugins()[0]
        assert main(["models"]) == 0
        assert capsys.readouterr().err.count(f"warning: GENLAB_PLUGINS names {folder!r}, which {why}") == 1
        assert main(["doctor", "--json"]) == 2
        assert any(line["name"] == "GENLAB_PLUGINS" for line in json.loads(capsys.readouterr().out)["checks"])
    monkeypatch.setenv("GENLAB_PLUGINS", "")
    assert lost_plugins() == []
