"""Pages by position."""

from datetime import timedelta

import pytest

from portal import clock
from portal.audit.journal import record
from portal.audit.models import Evenement
from portal.counts import capped_counts
from portal.keyset import keyset_page

KEYS = ("-le", "-id")


@pytest.fixture
def events(db):
    """Seven events, three of them at the same moment."""
    start = clock.now()
    for number in range(7):
        with clock.at(start + timedelta(minutes=min(number, 4))):
            record("connexion", objet_id=number)
    return list(Evenement.objects.order_by(*KEYS))


def walk(side, cursor=""):
    pages = []
    while True:
        page = keyset_page(Evenement.objects.all(), KEYS, cursor, size=3)
        pages.append(page)
        cursor = getattr(page, side)
        if not cursor:
            return pages


def test_the_pages_follow_each_other_without_gap_nor_double(events):
    pages = walk("following")
    assert [row.pk for page in pages for row in page.rows] == [row.pk for row in events]
    assert [len(page.rows) for page in pages] == [3, 3, 1]
    assert pages[0].previous == ""


def test_going_back_shows_the_same_pages(events):
    forward = walk("following")
    back = walk("previous", forward[-1].previous)
    assert [row.pk for row in back[0].rows] == [row.pk for row in forward[1].rows]
    assert [row.pk for row in back[1].rows] == [row.pk for row in forward[0].rows]
    assert back[1].previous == ""


@pytest.mark.parametrize("cursor", ["x", "eyJhIjoxfQ", "WyI_IiwxLDJd", "%", "é", "W10", "A" * 500])
def test_a_cursor_that_cannot_be_read_gives_the_first_page(events, cursor):
    page = keyset_page(Evenement.objects.all(), KEYS, cursor, size=3)
    assert [row.pk for row in page.rows] == [row.pk for row in events[:3]]


def test_an_empty_list_has_no_page_beside(db):
    page = keyset_page(Evenement.objects.all(), KEYS)
    assert (page.rows, page.previous, page.following) == ([], "", "")


def test_counts_come_in_one_query_and_are_capped(events, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr("portal.counts.COUNT_LIMIT", 5)
    querysets = {
        "tous": Evenement.objects.all(),
        "un": Evenement.objects.filter(objet_id="1"),
        "aucun": Evenement.objects.none(),
    }
    with django_assert_num_queries(1):
        assert capped_counts(querysets) == {"tous": 5, "un": 1, "aucun": 0}
