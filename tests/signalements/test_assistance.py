"""The national support session: reasoned, for a time, read only, seen by the caisse, ended by the clock or by hand."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import InternalError, transaction
from django.urls import reverse

from accounts.memberships import membership_of
from accounts.models import SessionAssistance
from accounts.operations.assistance import close_session, looking_into, open_session, session_of
from caisses.models import Motif
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Evenement, Verbe
from portal.courriels.models import Courriel
from portal.errors import DomainError
from portal.tenancy import scope
from signalements.enums import Statut
from signalements.models import Demande, NoteInterne
from tests import factories as f
from tests.fixtures.administration import CANARY, Place, admin_url

pytestmark = pytest.mark.django_db
LISTE = reverse("signalements:assistance")
SESSIONS = admin_url("accounts_sessionassistance")


@pytest.fixture
def place(made_administration: Callable[[], Place], _scope: None) -> Place:
    return made_administration()


@pytest.fixture
def demande(place: Place) -> Demande:
    return f.demande(place.convention, place.tech, statut=Statut.EN_COURS, assignee_a=place.agent)


@pytest.fixture
def session(place: Place) -> SessionAssistance:
    return f.session_assistance(place.doubs, place.national)


def page_of(demande: Demande) -> str:
    return reverse("signalements:assistance_demande", args=[demande.reference])


def opening(place: Place, **fields: Any) -> Any:
    data = {"caisse": place.doubs.pk, "motif": "Ticket 4242", "duree": 60, **fields}
    return place.client(place.national).post(admin_url("accounts_sessionassistance", "add"), data)


def test_it_opens_with_a_reason_for_a_time_and_the_caisse_is_told(place):
    assert opening(place).status_code == 302
    session = SessionAssistance.objects.get()
    assert session.fin_prevue_le - session.ouverte_le == timedelta(hours=1)
    event = Evenement.objects.get(objet="sessionassistance")
    assert (event.caisse_id, event.details) == (place.doubs.pk, {"acte": "ouverture", "minutes": 60})
    mail = Courriel.objects.get(evenement="assistance_ouverte")
    assert mail.destinataire_id == place.admin.pk
    index = place.client(place.admin).get("/admin/").content.decode()
    assert "Session d’assistance nationale en cours" in index
    seen = place.client(place.admin).get(SESSIONS).content.decode()
    assert "Ticket 4242" in seen
    assert place.national.identifiant in seen
    assert "Ticket 4242" not in place.client(place.other_admin).get(SESSIONS).content.decode()


@pytest.mark.parametrize(
    "fields", [{"motif": "  "}, {"duree": 600}, {"motif": "Dossier 1 85 05 78 006 048 30"}, {"caisse": ""}]
)
def test_without_a_reason_or_too_long_it_does_not_open(place, fields):
    assert opening(place, **fields).status_code == 422
    assert not SessionAssistance.objects.exists()


def test_one_at_a_time_and_what_the_clock_ended_is_no_obstacle(place, session):
    assert opening(place).status_code == 422
    with clock.at(clock.now() + timedelta(hours=2)):
        open_session(actor=membership_of(place.national), caisse=place.loire, motif="Ticket 1", minutes=30)
    session.refresh_from_db()
    assert session.close_le == session.fin_prevue_le


def test_nobody_else_opens_one(place):
    with pytest.raises(DomainError):
        open_session(actor=membership_of(place.admin), caisse=place.doubs, motif="Ticket", minutes=30)


def test_it_shows_the_demandes_of_this_caisse_and_each_page_is_in_its_journal(place, session, demande):
    other = f.demande(place.other_convention, place.other_gest, statut=Statut.EN_COURS)
    NoteInterne.objects.create(
        demande=demande,
        caisse=place.doubs,
        partenaire=place.valbrume,
        auteur=place.agent,
        le=clock.now(),
        texte="Note secrète",
    )
    client = place.client(place.national)
    listed = client.get(LISTE).content.decode()
    assert demande.reference in listed
    assert "lecture seule" in listed
    assert CANARY not in listed
    text = client.get(page_of(demande)).content.decode()
    assert demande.personne.nom_complet in text
    assert "Note secrète" not in text
    assert "<form" not in text.split("<main", 1)[1].split("</main>", 1)[0]
    assert client.get(page_of(other)).status_code == 404
    events = Evenement.objects.filter(verbe=Verbe.CONSULTATION).order_by("le", "pk")
    assert [(e.objet, e.caisse_id, e.acteur_id) for e in events] == [
        ("sessionassistance", place.doubs.pk, place.national.pk),
        ("demande", place.doubs.pk, place.national.pk),
    ]
    assert events[1].details == {"page": "assistance", "assistance": session.pk}


def test_the_database_refuses_every_write_even_to_the_system(place, session, demande):
    with looking_into(session):
        assert Demande.objects.filter(pk=demande.pk).exists()
        for realm in ("caisse", "systeme"):
            tenant = place.doubs.pk if realm == "caisse" else None
            with pytest.raises(InternalError, match="read-only"), transaction.atomic(), scope(realm, tenant):
                Demande.objects.filter(pk=demande.pk).update(urgente=True)
        with pytest.raises(InternalError, match="read-only"), transaction.atomic():
            record(Verbe.CONSULTATION, caisse_id=place.doubs.pk)
    Motif.objects.update(ordre=1)
    demande.refresh_from_db()
    assert not demande.urgente


def test_without_a_session_or_once_it_is_over_nothing_is_shown(place, demande):
    client = place.client(place.national)
    assert client.get(LISTE)["Location"] == SESSIONS
    session = f.session_assistance(place.doubs, place.national)
    assert client.get(page_of(demande)).status_code == 200
    with clock.at(session.fin_prevue_le):
        assert session_of(membership_of(place.national)) is None
        with pytest.raises(DomainError), looking_into(session):
            pass
    close_session(actor=membership_of(place.admin), session=session)
    assert client.get(page_of(demande))["Location"] == SESSIONS
    with pytest.raises(DomainError):
        close_session(actor=membership_of(place.national), session=session)
    assert not Evenement.objects.filter(objet="demande", details__assistance=session.pk).count() > 1


def test_a_caisse_ends_only_the_sessions_into_its_own_data(place, session):
    path = admin_url("accounts_sessionassistance", "clore", session.pk)
    assert place.client(place.other_admin).post(path).status_code == 404
    assert place.client(place.admin).post(path).status_code == 302
    session.refresh_from_db()
    assert session.close_par == place.admin


def test_the_session_opens_neither_the_screens_of_the_caisse_nor_its_files(place, session, demande):
    client = place.client(place.national)
    for name in ("traitement", "pieces_zip"):
        path = reverse(f"signalements:{name}", args=[demande.reference])
        assert client.get(path).status_code == 403
    assert client.post(page_of(demande)).status_code == 405
