"""A person's own items by how unlike they are, above and below the threshold."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.support.pages import checked, words


def page() -> None:
    from genlab.presentation.tasks import Ranking
    from genlab.ui.views import tasks_ranking

    ranked = [Ranking("Usual", (0.2, 0.99, 0.5), 0.05), Ranking("Search of A", (0.97, 0.1, 0.96), 0.05)]
    tasks_ranking.render(ranked, ("AAAA", "BBBB", "CCCC"))


def named() -> None:
    from genlab.presentation.tasks import Ranking
    from genlab.ui.views import tasks_ranking

    ranked = [Ranking("Usual", (0.2, 0.99), 0.05)]
    tasks_ranking.render(ranked, ("AAAA", "BBBB"), ("shoes/left <1>.png", "b.png"))


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


def test_each_item_is_called_as_its_file_is():
    table = checked(AppTest.from_function(named, default_timeout=60).run()).html[0].value
    assert "alt='shoes/left &lt;1&gt;.png, above 20 % of normal items'" in table
    assert ">left &lt;1&gt;.png</b>" in table and table.index("b.png") < table.index("left &lt;1&gt;.png</b>")
    assert "Item 1" not in table


def test_where_nothing_ranks_there_is_nothing():
    assert not checked(AppTest.from_function(nothing, default_timeout=60).run()).html
