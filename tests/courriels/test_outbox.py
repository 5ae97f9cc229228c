"""A mail is queued in the business transaction, once, as its recipient wants it."""

import pytest

from accounts.enums import Profil
from portal.courriels import outbox
from portal.courriels.models import Courriel
from portal.courriels.outbox import queue
from portal.courriels.types import type_of
from portal.tenancy import scope, unscoped
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def caisse():  # type: ignore[no-untyped-def]
    return factories.caisse("251")


def test_the_same_event_is_queued_once_per_recipient(caisse) -> None:  # type: ignore[no-untyped-def]
    part = factories.partenaire(caisse)
    first = factories.utilisateur(Profil.TECHNICIEN, part)
    second = factories.utilisateur(Profil.TECHNICIEN, part)
    kind = type_of("complement_demande")
    for recipients in ([first], [first.pk, second.pk], [second, first]):
        queue(
            kind, cle="7:2", destinataires=recipients, equipe="mas@cpam.example", reference="EP-251-7K3M2-42"
        )
    assert set(Courriel.objects.values_list("destinataire_id", "adresse")) == {
        (first.pk, ""),
        (second.pk, ""),
        (None, "mas@cpam.example"),
    }
    assert Courriel.objects.count() == 3


@pytest.mark.parametrize("realm", ["partenaire", "caisse", "national", None])
def test_every_realm_may_queue_and_none_may_read(caisse, realm) -> None:  # type: ignore[no-untyped-def]
    part = factories.partenaire(caisse)
    user = factories.utilisateur(Profil.TECHNICIEN, part)
    tenants = {"partenaire": part.pk, "caisse": caisse.pk, "national": None}
    with unscoped() if realm is None else scope(realm, tenants[realm]):
        queue(type_of("demande_envoyee"), cle="1", destinataires=[user])
        queue(type_of("demande_envoyee"), cle="1", destinataires=[user])
        assert Courriel.objects.count() == 0
    assert Courriel.objects.count() == 1


def test_a_long_key_is_shortened_and_still_unique(caisse) -> None:  # type: ignore[no-untyped-def]
    agent = factories.utilisateur(Profil.AGENT, caisse)
    for end in ("a", "b", "a"):
        queue(type_of("demande_attribuee"), cle="x" * 300 + end, destinataires=[agent])
    assert Courriel.objects.count() == 2
    assert max(len(cle) for cle in Courriel.objects.values_list("cle", flat=True)) <= outbox.LONGEST_KEY
