"""One measurement in a process of its own: ``python -m benchmarks._task TASK_JSON ANSWER_FILE``."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from genlab.config import load_config
from genlab.lab import Lab


def main(task: Mapping[str, Any]) -> dict[str, Any]:
    """Do what ``task["what"]`` says.

    Args:
        task: ``what``, the ``config`` of a run, the ``workspace`` whose data set is ready; ``score`` names what to
            compute of the trained model; ``threads``, ``epochs``, ``workers`` and ``classifier`` where needed.

    Returns:
        ``images``, ``seconds`` and, where asked for, ``score``.
    """
    import torch

    torch.set_num_threads(int(task["threads"]))
    from benchmarks import _dcgan, _loops, _score

    kinds: dict[str, Callable[..., dict[str, Any]]] = {
        "bare": _loops.bare,
        "session": _loops.session,
        "dcgan": _dcgan.train,
        "classifier": _score.train_classifier,
    }
    if task["what"] == "pythae":
        from benchmarks import _pythae

        kinds["pythae"] = _pythae.train
    return kinds[task["what"]](Lab(task["workspace"]), load_config(task["config"]), task)


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(main(json.loads(sys.argv[1]))))
