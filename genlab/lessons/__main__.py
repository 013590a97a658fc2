"""``python -m genlab.lessons > docs/lessons.md`` writes the lesson plans anew."""

from __future__ import annotations

import sys

from genlab.lessons._document import document

if __name__ == "__main__":
    sys.stdout.write(document())
