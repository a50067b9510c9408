"""docs/pacing.md says what is true of the package, and its pictures show what was measured."""

from __future__ import annotations

import re

import pytest

from botoses_guard.errors import SettingError
from botoses_guard.pacing import open_store
from botoses_guard.settings import OPTIONS
from docs.make_pacing import FOLDER, FOUND, PAGE, PICTURES, found, page

from .program import ROOT

TEXT = PAGE.read_text("utf-8")
LINKS = re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", TEXT)
STORES = sorted(set(re.findall(r"BOTOSES_GUARD_STORE[=:] ?(\w+:/\S+)", TEXT)))


def test_the_table_is_what_was_measured() -> None:
    """Run ``python docs/make_pacing.py --draw`` when this fails."""
    assert page(TEXT) == TEXT


@pytest.mark.parametrize("name", PICTURES)
def test_each_picture_is_small_and_shows_what_was_measured(name: str) -> None:
    picture = (FOLDER / f"{name}.svg").read_text("utf-8")
    assert len(picture) < 60_000
    assert "<dc:date>" not in picture
    for way, title in PICTURES[name]:
        assert way in found()
        assert f">{title}</text>" in picture
    assert f"](pacing/{name}.svg)" in TEXT


def test_the_folder_holds_nothing_else() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {
        FOUND.name,
        *(f"{name}.svg" for name in PICTURES),
    }


@pytest.mark.parametrize("url", STORES)
def test_every_address_is_one_of_a_store(url: str) -> None:
    """But for the directory, which the reader has."""
    try:
        open_store(url)
    except SettingError as error:
        assert url == "sqlite:////var/lib/shop/ses-budgets"
        assert str(error) == f"the store {url} cannot be opened: no such directory"


def test_there_is_an_address_for_each_kind_of_store() -> None:
    assert {url.partition(":")[0] for url in STORES} == {"dynamodb", "sqlite", "valkeys"}


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}


@pytest.mark.parametrize(("link", "anchor"), LINKS)
def test_every_link_leads_somewhere(link: str, anchor: str) -> None:
    target = PAGE.parent / link if link else PAGE
    assert target.exists()
    assert not anchor or anchor in anchors(target.read_text("utf-8"))


def test_every_variable_is_a_setting() -> None:
    named = set(re.findall(r"BOTOSES_GUARD_\w+", TEXT))
    assert named <= {option.variable for option in OPTIONS}
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "(docs/pacing.md)" in readme
