"""``genlab claims``: the same textbook claims on every kind of data that a match has judged. No torch."""

from __future__ import annotations

from genlab.commands.console import JsonOption, WorkspaceOption, emit, open_lab, say, table


def claims(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Show what matches found of each textbook claim, on every kind of data: images, sound, texts, film."""
    from genlab.matches.since import came_since
    from genlab.plots.parts import GLYPHS, VERDICTS
    from genlab.presentation.by_kind import compare, in_a_sentence

    lab = open_lab(workspace)
    found = compare(lab.matches.by_kind())
    if as_json:
        emit(found.as_json())
        return
    if not found.columns:
        say("No match has been judged yet. Start one: genlab match --data mnist-5k")
        return
    heading = ("claim", *(column.kind.name for column in found.columns))
    told = ("", *(", ".join(column.facts) for column in found.columns))
    rows = [(row.name, *(f"{cell.glyph} {cell.effect or cell.words}" for cell in row.cells)) for row in found.rows]
    table(heading, [told, *rows])
    say()
    legend = "  ".join(f"{glyph} {VERDICTS[verdict]}" for verdict, glyph in GLYPHS.items())
    say(f"{legend}; effects with 95 % intervals")
    say(in_a_sentence(found))
    for row in found.rows:
        for column, cell in zip(found.columns, row.cells, strict=True):
            if cell.note:
                say(f"{row.name}, {column.kind.many}: {cell.note}")
    if found.missing:
        say(
            f"Not measured yet: {', '.join(kind.many for kind in found.missing)}. Run a match: genlab match --data NAME"
        )
    for column in found.columns:
        for sentence in came_since(column.match, lab):
            say(f"{column.match.id}: {sentence}")
        say(f"evidence on {column.kind.many}: genlab match --resume {column.match.id}")
