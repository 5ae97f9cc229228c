"""The banner of maintenance and incidents."""

from datetime import timedelta

import pytest

from caisses.models import Annonce
from portal import clock

pytestmark = pytest.mark.django_db


def annonce(start, end, **fields):
    now = clock.now()
    return Annonce.objects.create(
        titre="Maintenance samedi",
        niveau="warning",
        debut=now + timedelta(hours=start),
        fin=now + timedelta(hours=end),
        **fields,
    )


def test_an_announcement_in_force_is_on_every_page_even_before_signing_in(client):
    annonce(-1, 1, texte="De 8 h à 10 h.")
    text = client.get("/accessibilite/").text
    assert "Maintenance samedi" in text
    assert "De 8 h à 10 h." in text


@pytest.mark.parametrize(("start", "end"), [(-2, -1), (1, 2)])
def test_one_of_the_past_or_of_tomorrow_is_not_shown(client, start, end):
    annonce(start, end)
    assert "Maintenance samedi" not in client.get("/accessibilite/").text


def test_it_is_read_once_in_a_while(client, django_assert_num_queries):
    annonce(-1, 1)
    client.get("/accessibilite/")
    with django_assert_num_queries(0):
        assert "Maintenance samedi" in client.get("/accessibilite/").text
