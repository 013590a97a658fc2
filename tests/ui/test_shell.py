from __future__ import annotations

import ast
import os

from genlab.lab import Lab, ReadOnlyLab
from genlab.store.index import list_runs
from genlab.store.liveness import identity
from genlab.ui import shell
from genlab.ui.shell import status_words
from tests.support.command import ROOT
from tests.support.runs import make_run


def test_status_counts_what_is_active(tmp_path):
    pid, started = identity(os.getpid())
    alive = {"pid": pid, "process_started": started, "samples": ()}
    assert status_words([]) == ""
    make_run(tmp_path, "a", state="completed", samples=())
    make_run(tmp_path, "b", state="queued", **alive)
    assert status_words(list_runs(tmp_path)) == "1 queued"
    make_run(tmp_path, "c", state="running", **alive)
    make_run(tmp_path, "d", state="queued", **alive)
    assert status_words(list_runs(tmp_path)) == "1 running · 2 queued"


def test_who_may_only_look_sees_what_is_there_and_may_not_change_it(workspace):
    make_run(workspace / "runs", "a", state="stopped", images=1_024, samples=())
    assert [run.id for run in ReadOnlyLab().runs.all()] == [run.id for run in Lab().runs.all()] == ["a"]
    assert shell.may_change(Lab()) and not shell.may_change(ReadOnlyLab())


def test_assets_are_found():
    assert {"favicon.png", "logo.svg", "logo-dark.svg"} <= {path.name for path in shell.assets().iterdir()}


def test_a_part_that_polls_shows_a_refusal_as_a_callout():
    from streamlit.testing.v1 import AppTest

    def page() -> None:
        from genlab.errors import InputError
        from genlab.ui.shell import polled

        def body(name: str) -> None:
            raise InputError(f"There is no {name}.", "Look at `genlab runs`.")

        polled(body, None)("[run](https://evil.example/)")

    app = AppTest.from_function(page).run()
    assert not app.exception
    (error,) = app.error
    assert "[run](" not in error.proto.title and "https:\u2060//evil" in error.proto.title.replace("\\", "")


def test_a_part_that_bears_the_title_keeps_it_where_it_refuses(workspace):
    """Drawn again by itself it knows whether the title was its own."""
    from streamlit.testing.v1 import AppTest

    def script() -> None:
        import streamlit as st

        from genlab.errors import InputError
        from genlab.ui import shell

        def head() -> None:
            if st.session_state.get("torn"):
                raise InputError("The head is torn.", "Mend it.")
            shell.page_title("Mine")

        def body() -> None:
            raise InputError("The body is torn.", "Mend it.")

        with shell.frame({"": ["Page"]}, "Page"):
            first, second = shell.polled(head, None), shell.polled(body, None)
            first()
            second()
        st.session_state["torn"] = True
        with st.container(key="again"):
            first()
            second()

    app = AppTest.from_function(script, default_timeout=60).run()
    assert not app.exception
    assert [item.value for item in app.markdown if item.value.startswith("# ")] == ["# Mine", "# Page"]
    assert [item.proto.title for item in app.error] == [rf"The {part} is torn\." for part in ("body", "head", "body")]


def test_no_row_of_choices_is_cut_off_in_a_narrow_window():
    calls = {
        f"{path.name}:{node.lineno}": {keyword.arg for keyword in node.keywords}
        for path in (ROOT / "genlab" / "ui").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"pills", "segmented_control"}
    }
    assert len(calls) > 10
    assert not [place for place, given in calls.items() if "wrap" not in given]
