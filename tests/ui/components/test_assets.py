"""The components' files: under one version, compressed, kept for ever, and as their licences and hashes say."""

from __future__ import annotations

import gzip
import hashlib
import posixpath
import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from genlab.ui.components import assets

VENDOR = assets.FOLDER / "vendor"
LARGEST = 5_000_000


@pytest.fixture
def client() -> TestClient:
    return TestClient(Starlette(routes=assets.routes()), base_url="http://127.0.0.1")


def test_a_module_is_served_compressed_typed_and_for_ever(client):
    answer = client.get(f"/{assets.address('explorer/index.js')}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.text == (assets.FOLDER / "explorer" / "index.js").read_text()
    known = {"if-none-match": answer.headers["etag"]}
    assert client.get(f"/{assets.address('explorer/index.js')}", headers=known).status_code == 304


def test_every_file_of_every_component_is_served_so(client):
    for name in assets.files():
        answer = client.head(f"/{assets.address(name)}")
        assert (answer.status_code, answer.headers["cache-control"]) == (200, assets.FOREVER), name


def test_webassembly_is_stored_compressed_and_arrives_as_itself(client):
    name = "vendor/ort-wasm-simd-threaded.wasm"
    answer = client.get(f"/{assets.address(name)}")
    assert answer.headers["content-type"] == "application/wasm"
    assert answer.content[:4] == b"\0asm"
    plain = client.get(f"/{assets.address(name)}", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == answer.content


@pytest.mark.parametrize("name", ["explorer/__init__.py", "../assets.py", "vendor/VENDOR.md", "explorer/none.js"])
def test_nothing_else_is_served(client, name):
    assert client.get(f"/{assets.PREFIX}/{assets.version()}/{name}").status_code == 404


def test_another_version_is_not_served_and_not_remembered(client):
    answer = client.get(f"/{assets.PREFIX}/0123456789abcdef/explorer/index.js")
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"
    with pytest.raises(KeyError):
        assets.address("explorer/none.js")


def test_the_version_changes_with_any_file(monkeypatch, tmp_path):
    (tmp_path / "a.js").write_text("1")
    monkeypatch.setattr(assets, "FOLDER", tmp_path)
    seen = set()
    for content in ("1", "2", "1"):
        (tmp_path / "a.js").write_text(content)
        assets.files.cache_clear()
        assets.version.cache_clear()
        seen.add(assets.version())
    assets.files.cache_clear()
    assets.version.cache_clear()
    assert len(seen) == 2


def test_every_module_that_is_imported_is_served():
    for name, path in assets.files().items():
        if path.suffix != ".js":
            continue
        for wanted in re.findall(r'from "(\.[^"]+)"', path.read_text()):
            assert posixpath.normpath(Path(name).parent / wanted) in assets.files(), f"{name} imports {wanted}"


def test_every_component_is_a_folder_with_an_entry():
    folders = {path.parent.name for path in assets.FOLDER.glob("*/__init__.py")}
    assert folders >= {"explorer", "film", "folders", "link", "playground"}
    for name in folders:
        assert assets.entry(name) == f"{assets.PREFIX}/{assets.version()}/{name}/index.js"


def test_no_script_stands_in_a_python_file():
    package = assets.FOLDER.parents[1]
    found = [path.name for path in package.rglob("*.py") if "export default" in path.read_text(encoding="utf-8")]
    assert found == ["assets.py"], "the loader is the only one; the others are checked as JavaScript"


def test_nothing_is_fetched_from_elsewhere():
    own = [path for path in assets.files().values() if VENDOR not in path.parents]
    assert len(own) > 10
    for path in own:
        assert b"://" not in path.read_bytes().replace(b"http://www.w3.org/2000/svg", b""), path.name


def test_vendored_files_are_what_their_list_says():
    text = (VENDOR / "VENDOR.md").read_text()
    listed = dict(re.findall(r"^\| `([^`]+)` \|.*`([0-9a-f]{64})` \|$", text, re.MULTILINE))
    present = {path.name for path in VENDOR.iterdir()} - {"VENDOR.md"}
    assert set(listed) == present
    for name, digest in listed.items():
        content = (VENDOR / name).read_bytes()
        assert hashlib.sha256(gzip.decompress(content) if name.endswith(".gz") else content).hexdigest() == digest
        assert len(content) < LARGEST
