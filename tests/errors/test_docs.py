"""The page about errors says what the tables say."""

from __future__ import annotations

import pytest

from botoses_guard.errors import BY_CATEGORY
from docs.make_errors import PAGE, page


def test_the_page_is_made_anew_whenever_a_table_changes() -> None:
    """Run ``python docs/make_errors.py`` when this fails."""
    assert PAGE.read_text("utf-8") == page()


@pytest.mark.parametrize(("category", "error"), BY_CATEGORY.items())
def test_every_category_has_its_row_in_each_table(category: str, error: type[Exception]) -> None:
    rows = [line for line in page().splitlines() if line.startswith(f"| `{category}` |")]
    assert len(rows) == 2
    assert f"| `{error.__name__}` |" in rows[0]
    assert "https://docs.aws.amazon.com/ses/" in rows[1]


def test_what_a_failed_bulk_call_raises_has_its_row() -> None:
    [row] = [line for line in page().splitlines() if "`BulkSendFailed`" in line]
    assert "that of the first failed entry" in row


def test_every_row_has_the_cells_of_its_table() -> None:
    widths = {3: 0, 4: 0, 8: 0}
    for line in page().splitlines():
        if line.startswith("|"):
            widths[line.replace(r"\|", "").count("|") - 1] += 1
    assert widths[8] == len(BY_CATEGORY) + 3
    assert widths[4] == len(BY_CATEGORY) + 2
    assert widths[3] > len(BY_CATEGORY)
