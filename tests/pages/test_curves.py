from __future__ import annotations

import csv
import io
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from genlab.lab import Lab
from genlab.registry import registry
from genlab.store.lines import MOST_LINES
from genlab.store.liveness import identity
from genlab.store.tails import Tails
from genlab.ui.views.curves import ShownRun, as_csv, gather, images_at, picture_at, readings, thinned_words, whole
from tests.support.evaluations import make_evaluation
from tests.support.pages import checked, open_page
from tests.support.runs import make_run, metrics_row


@pytest.fixture
def lab(workspace: Path) -> Lab:
    return Lab()


def open_curves(*runs: str, show: tuple[str, ...] = ()) -> AppTest:
    query = {name: list(values) for name, values in (("run", runs), ("show", show)) if values}
    return open_page("curves.py", **query)


def figure(app: AppTest) -> dict:
    (chart,) = app.get("plotly_chart")
    return json.loads(chart.proto.spec)


def lines(app: AppTest) -> list[dict]:
    return [trace for trace in figure(app)["data"] if trace["type"] == "scatter" and not trace.get("showlegend")]


def families(lab: Lab) -> list[str]:
    runs = [make_run(lab.workspace.runs, f"run-{model}", model=model) for model in ("vae", "gan", "vae_gan")]
    return [run.path.name for run in runs]


def shown(lab: Lab, *keys: str) -> list[ShownRun]:
    found = [lab.runs.read(key) for key in keys]
    return [ShownRun(item.summary(), item.metrics()[0], item.config()) for item in found]


def test_without_runs_the_page_says_what_to_do(lab):
    app = open_curves()
    assert "No curves yet" in " ".join(item.value for item in app.markdown)
    assert not app.get("plotly_chart")


def test_families_are_drawn_together(lab):
    keys = families(lab)
    app = open_curves(*keys)
    assert app.multiselect(key="curves/runs").value == keys
    assert {trace["legendgroup"] for trace in lines(app)} == {
        "VAE on mnist-5k, seed 0",
        "GAN on mnist-5k, seed 0",
        "VAE-GAN on mnist-5k, seed 0",
    }
    assert {trace["xaxis"] for trace in lines(app)} == {"x"}


def test_without_a_choice_the_newest_run_is_shown_and_stands_in_the_address(lab):
    make_run(lab.workspace.runs, "old", created=1.0)
    make_run(lab.workspace.runs, "new", created=2.0)
    app = open_curves()
    assert app.multiselect(key="curves/runs").value == ["new"]
    assert app.query_params["run"] == "new"


def test_the_choice_goes_to_the_address(lab):
    keys = families(lab)
    app = open_curves(keys[0])
    app.multiselect(key="curves/runs").set_value(keys[:2])
    assert checked(app.run()).query_params["run"] == keys[:2]
    app.multiselect(key="curves/runs").set_value([])
    checked(app.run())
    assert not app.get("plotly_chart") and "Choose one or more" in app.info[0].value


def test_a_run_that_is_gone_is_named_and_the_rest_is_shown(lab):
    key = families(lab)[0]
    app = open_curves(key, "gone")
    assert "gone" in app.warning[0].value
    assert app.multiselect(key="curves/runs").value == [key]


def test_axis_log_and_smoothing_reach_the_figure(lab):
    app = open_curves(families(lab)[0])
    plain = len(lines(app))
    app.segmented_control(key="curves/axis").set_value("steps")
    app.toggle(key="curves/log").set_value(True)
    app.slider(key="curves/smoothing").set_value(0.9)
    checked(app.run())
    spec = figure(app)
    assert spec["layout"]["xaxis"]["title"]["text"] == "steps"
    assert spec["layout"]["yaxis"]["type"] == "log"
    assert len(lines(app)) == 2 * plain


def test_groups_choose_what_is_drawn(lab):
    app = open_curves(families(lab)[1])
    groups = app.pills(key="curves/groups")
    assert "Gradients" in groups.options
    groups.set_value(["Gradients"])
    spec = figure(checked(app.run()))
    titles = " ".join(note["text"] for note in spec["layout"]["annotations"])
    assert "Gradient norm, critic" in titles and "Loss" not in titles
    app.pills(key="curves/groups").set_value([])
    assert "at least one" in checked(app.run()).info[0].value


def test_a_moment_is_marked_and_its_samples_shown(lab):
    app = open_curves(families(lab)[0])
    assert not figure(app)["layout"].get("shapes")
    app.slider(key="curves/moment/images").set_value(40)
    checked(app.run())
    (mark,) = figure(app)["layout"]["shapes"]
    assert mark["x0"] == pytest.approx(0.4 * 20_480)
    (picture,) = app.get("image")
    assert "8,192" in picture.proto.imgs[0].caption


def test_bands_over_seeds_join_runs_that_differ_in_seed_only(lab):
    keys = [make_run(lab.workspace.runs, f"seed-{seed}", model="gan", seed=seed).path.name for seed in range(3)]
    other = make_run(lab.workspace.runs, "other", model="gan", settings={"latent_dim": 5}).path.name
    app = open_curves(*keys, other)
    app.toggle(key="curves/bands").set_value(True)
    checked(app.run())
    names = {trace["legendgroup"] for trace in lines(app)}
    assert names == {"GAN on mnist-5k, 3 seeds", "GAN on mnist-5k, seed 0"}
    assert any(trace.get("fill") == "tonexty" for trace in lines(app))


def test_the_note_is_the_reading_of_the_chosen_loss(lab):
    for loss in ("hinge", "wasserstein"):
        make_run(lab.workspace.runs, loss, model="gan", settings={"model": {"loss": loss}})
    app = open_curves("hinge")
    captions = " ".join(caption.value for caption in app.caption)
    assert registry("losses").get("hinge").reading in captions
    assert registry("losses").get("wasserstein").reading not in captions


def test_new_rows_of_an_active_run_appear(lab):
    pid, started = identity(os.getpid())
    run = make_run(lab.workspace.runs, "live", state="running", pid=pid, process_started=started, target=90_000)
    app = open_curves("live")
    before = [len(trace["x"]) if isinstance(trace["x"], list) else trace["x"] for trace in lines(app)]
    run.append_metrics(metrics_row("vae", 30_720))
    after = [len(trace["x"]) if isinstance(trace["x"], list) else trace["x"] for trace in lines(checked(app.run()))]
    assert before != after


def test_a_run_without_rows_is_a_sentence(lab):
    make_run(lab.workspace.runs, "empty", images=0, samples=())
    assert "not written a row" in open_curves("empty").info[0].value


def test_labels_tell_runs_apart_that_would_read_the_same(lab):
    for key in ("a-1111", "a-2222"):
        make_run(lab.workspace.runs, key, model="gan")
    labels = [curve.label for curve in gather(shown(lab, "a-1111", "a-2222"), False)]
    assert len(set(labels)) == 2
    make_run(lab.workspace.runs, "named", model="gan", name="my run")
    assert gather(shown(lab, "named"), False)[0].label == "my run, seed 0"


def test_the_nearest_picture_belongs_to_the_moment(lab):
    rows = [{"images": 100, "seconds": 1.0}, {"images": 200, "seconds": 9.0}]
    assert images_at(rows, None, "seconds") is None
    assert images_at(rows, 8.0, "seconds") == 200
    pictures = [(0, Path("a")), (150, Path("b")), (300, Path("c"))]
    assert picture_at(pictures, 160.0)[0] == 150
    assert picture_at(pictures, None)[0] == 300


def test_the_table_holds_every_row_of_every_run(lab):
    keys = families(lab)
    table = list(csv.DictReader(io.StringIO(as_csv(shown(lab, *keys)))))
    assert len(table) == 60
    assert {row["run"] for row in table} == set(keys)
    row = next(row for row in table if row["run"] == keys[0] and row["images"] == "2048")
    written = metrics_row("vae", 2_048)
    assert float(row["loss/vae"]) == pytest.approx(written["loss/vae"])
    assert float(row["vector/kl/3"]) == pytest.approx(written["vector/kl"][3])
    assert row["score/real"] == ""


def test_of_very_long_curves_some_rows_are_drawn_which_is_said_and_the_table_has_all(lab):
    run, rows = make_run(lab.workspace.runs, "long"), 3 * MOST_LINES
    with (run.path / "metrics.jsonl").open("a") as file:
        file.writelines(f'{{"images": {10**6 + row}, "loss/vae": 1.0}}\n' for row in range(rows))
    app = open_curves("long")
    (told,) = [item.value.replace("\\", "") for item in app.caption if "some rows are drawn" in item.value]
    assert told == "Of very long curves some rows are drawn: of VAE on mnist-5k about one in 3. The CSV has them all."
    tail = Tails().of(lab.runs.read("long"))
    item = replace(shown(lab, "long")[0], rows=tail.rows, every=tail.every)
    assert len(tail.rows) < rows / 2
    assert len(whole(lab, item).rows) == rows + 20
    make_run(lab.workspace.runs, "short")
    assert thinned_words(shown(lab, "short")) == ""


def test_likelihoods_of_binary_pixels_are_not_to_be_compared(lab):
    make_run(lab.workspace.runs, "b", model="vae", settings={"model": {"likelihood": "bernoulli"}})
    make_run(lab.workspace.runs, "g", model="vae", settings={"model": {"likelihood": "gaussian"}})
    notes = readings([item.config for item in shown(lab, "b", "g")])
    assert len(notes) == 2
    assert all("cannot be compared" in note for note in notes.values())


def test_scores_of_checkpoints_are_a_group_of_curves(lab):
    run = make_run(lab.workspace.runs, "run-gan", model="gan")
    for images in (4_096, 8_192):
        make_evaluation(run, images, codes=False)
    app = open_curves("run-gan")
    app.pills(key="curves/groups").set_value(["Scores: modes"])
    titles = " ".join(note["text"] for note in figure(checked(app.run()))["layout"]["annotations"])
    assert "Near-duplicates" in titles and "in-domain features" in titles
    assert {trace["xaxis"] for trace in lines(app)} == {"x"}


def test_the_chosen_kinds_of_curves_stand_in_the_address(workspace):
    make_run(workspace / "runs", "20261122-120000-vae-a")
    app = open_curves("20261122-120000-vae-a", show=("Gradients",))
    chips = app.button_group(key="curves/groups")
    assert chips.value == ["Gradients"]
    checked(chips.set_value(["Gradients", "Losses"]).run())
    assert sorted(app.query_params["show"]) == ["Gradients", "Losses"]
    assert app.query_params["run"] in ("20261122-120000-vae-a", ["20261122-120000-vae-a"])
