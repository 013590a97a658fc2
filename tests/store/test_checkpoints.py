"""Which checkpoint is meant: the newest, or the newest up to a point."""

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.errors import InputError
from genlab.store.checkpoints import pick_checkpoint
from tests.support.runs import make_run


def test_the_newest_up_to_a_point(tmp_path: Path):
    run = make_run(tmp_path)
    with pytest.raises(InputError, match="no checkpoint yet"):
        pick_checkpoint(run)
    for images in (100, 200):
        run.write_checkpoint(images, lambda folder: (folder / "meta.json").write_text("{}"), keep=8)
    assert pick_checkpoint(run).images == 200
    assert pick_checkpoint(run, 199).images == 100
    assert pick_checkpoint(run, 200).images == 200
    with pytest.raises(InputError, match="up to 99 images"):
        pick_checkpoint(run, 99)
