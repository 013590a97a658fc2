"""A person's own items by how unlike they are, above and below the threshold."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.support.pages import checked, words


def page() -> None:
    from genlab.presentation.tasks import Ranking
    from genlab.ui.views import tasks_ranking

    ranked = [Ranking("Usual", (0.2, 0.99, 0.5), 0.05), Ranking("Search of A", (0.97, 0.1, 0.96), 0.05)]
    tasks_ranking.render(ranked, ("AAAA", "BBBB", "CCCC"))


def nothing() -> None:
    from genlab.ui.views import tasks_ranking

    tasks_ranking.render([], ())


def test_items_stand_in_order_on_either_side_of_the_line():
    app = checked(AppTest.from_function(page, default_timeout=60).run())
    table = app.html[0].value
    assert table.index("BBBB") < table.index("threshold") < table.index("CCCC") < table.index("AAAA")
    assert "1 item of 3 above the threshold" in words(app) and "Item 2, above 99 % of normal items" in table
    app.selectbox[0].set_value("Search of A")
    checked(app.run())
    table = app.html[0].value
    assert table.index("AAAA") < table.index("CCCC") < table.index("threshold") < table.index("BBBB")


def test_where_nothing_ranks_there_is_nothing():
    assert not checked(AppTest.from_function(nothing, default_timeout=60).run()).html
