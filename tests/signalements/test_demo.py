"""The demonstration: what the contract promises, alive on any day, and nowhere but in the demonstration."""

import itertools
from base64 import b32decode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.db.models import Exists, F, OuterRef
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.memberships import membership_of
from accounts.models import Utilisateur
from caisses.enums import Fonction
from caisses.models import Caisse
from documents import vault
from documents.models import Piece
from documents.reference_data import shipped
from partners.enums import NatureConvention
from partners.models import Convention, Partenaire
from portal import clock
from portal.courriels.models import Courriel
from portal.embedded import demo_accounts
from portal.nir import contains_nir
from signalements.demo import organisations
from signalements.enums import Issue, Statut
from signalements.kinds.contact.models import Question
from signalements.kinds.document.reading import ISSUES as OUTCOMES
from signalements.kinds.dossier.enums import EtatPieceDossier, FinPeriode, TypeDossier
from signalements.kinds.dossier.forms import type_of
from signalements.kinds.dossier.models import Dossier, Periode, PieceDossier
from signalements.kinds.registry import kinds, steps_of
from signalements.kinds.rendez_vous.slots import free_slots
from signalements.kinds.saisine.kind import ISSUES
from signalements.kinds.saisine.models import Saisine
from signalements.models import (
    Brouillon,
    Complement,
    Contact,
    Demande,
    Message,
    NoteInterne,
    Personne,
    PieceJointe,
)
from signalements.transitions import TABLE

pytestmark = pytest.mark.django_db

MOMENTS = (
    datetime(2026, 11, 22, 1, 30, tzinfo=UTC),
    datetime(2026, 12, 28, 9, 0, tzinfo=UTC),
    datetime(2027, 5, 6, 23, 30, tzinfo=UTC),
)


STATUTS = {Statut.BROUILLON.value} | {transition.target for transition in TABLE.transitions}
"""Every status there is a way to."""


def test_it_refuses_to_load_anywhere_else() -> None:
    with pytest.raises(CommandError, match="DEMO=1 only"):
        call_command("load_demo")
    assert not Partenaire.objects.exists()


def the_accounts_and_their_password_are_those_that_are_announced() -> None:
    announced = {name for names, _ in demo_accounts.ACCOUNTS for name in names.split(", ")}
    # Those that only show a state of an account have no password.
    usable = Utilisateur.objects.exclude(password__startswith="!")
    accounts = {user.identifiant: user for user in usable}
    assert set(accounts) == announced
    assert (organisations.PASSWORD, organisations.TOTP_SECRET) == (
        demo_accounts.PASSWORD,
        demo_accounts.TOTP_SECRET,
    )
    assert check_password(demo_accounts.PASSWORD, accounts["tech.valbrume"].password)
    keys = set(TOTPDevice.objects.filter(confirmed=True).values_list("key", flat=True))
    assert keys == {b32decode(demo_accounts.TOTP_SECRET).hex()}
    for user in accounts.values():
        assert membership_of(user) is not None
        assert user.acceptations_cgu.count() == 1


def the_structures_have_the_conventions_of_the_contract() -> None:
    found = {
        (c.partenaire.raison_sociale, c.caisse.code, c.partenaire.nombre_membres, c.documents_sortants)
        for c in Convention.objects.utilisations()
        if c.opens_on(c.caisse.today())
    }
    assert found == {
        ("CCAS de Valbrume", "251", 8, False),
        ("CCAS de Valbrume", "422", 8, False),
        ("CCAS de Roche-Claire", "251", 18, False),
        ("CCAS de Pontreval", "422", 40, False),
        ("UDAF des Trois-Vallées", "251", 22, True),
        ("CIAS du Haut-Val", "251", 14, False),
    }
    assert set(Convention.objects.values_list("etat", flat=True)) >= {
        *("BROUILLON", "EN_SIGNATURE", "ACTIVE", "EN_DEMEURE", "SUSPENDUE", "RESILIEE"),
    }
    assert set(Convention.objects.values_list("nature", flat=True)) == set(NatureConvention)
    assert Convention.objects.filter(denoncee_le__isnull=False, etat="ACTIVE").exists()
    assert set(Caisse.objects.filter(active=True).values_list("code", flat=True)) == {"251", "422"}
    for partenaire in Partenaire.objects.all():
        partenaire.full_clean()


def every_list_and_clock_shows_something() -> None:
    assert Demande.objects.filter(fonction=Fonction.SAISINE).count() >= 150
    for caisse in Caisse.objects.filter(active=True):
        rows = Demande.objects.filter(caisse=caisse)
        assert set(rows.values_list("statut", flat=True)) == set(Statut.values)
        live = rows.filter(statut__in=["ENVOYEE", "EN_COURS", "COMPLETEE"], promesse_tenue_le=None)
        assert live.filter(echeance__lt=caisse.today()).exists()
        assert live.filter(echeance__gte=caisse.today()).exists()
        assert rows.filter(urgente=True, statut="ENVOYEE").exists()
    assert set(ISSUES) | {Issue.SANS_SUITE} <= set(Demande.objects.values_list("issue", flat=True))
    for model in (Message, NoteInterne, Contact, Complement, Piece):
        assert model._default_manager.count() >= 20, model
    assert Courriel.objects.count() >= 8
    now = clock.now()
    assert not Demande.objects.filter(modifiee_le__gt=now).exists()
    for story in Demande.objects.exclude(statut="BROUILLON").prefetch_related("passages"):
        moments = [passage.le for passage in story.passages.order_by("le", "id")]
        assert moments == sorted(moments)
        assert story.passages.order_by("le", "id").last().vers == story.statut  # type: ignore[union-attr]


def every_kind_is_shown_in_every_status() -> None:
    assert set(kinds()) == set(Fonction) - {Fonction.HISTORIQUE}
    shown = set(Demande.objects.values_list("fonction", "statut"))
    assert shown == set(itertools.product(kinds(), STATUTS))


def every_draft_opens_where_it_was_left() -> None:
    for draft in Demande.objects.brouillons().select_related("brouillon", "caisse"):
        steps = steps_of(draft)
        assert draft.brouillon.etape in steps.sequence()
        assert set(draft.brouillon.donnees) <= set(steps.sequence())


def every_question_shows_something() -> None:
    rows = Demande.objects.filter(fonction=Fonction.CONTACT)
    outcomes = {Issue.REPONDU, Issue.NON_RECEVABLE, Issue.REORIENTEE, Issue.SANS_SUITE}
    assert outcomes <= set(rows.values_list("issue", flat=True))
    assert Question.objects.count() == rows.exclude(statut=Statut.BROUILLON).count()
    assert set(rows.values_list("sans_personne", flat=True)) == {True, False}
    assert not Personne.objects.filter(demande__sans_personne=True).exists()


def every_document_shows_something() -> None:
    rows = Demande.objects.filter(fonction=Fonction.DOCUMENT)
    assert {*OUTCOMES, Issue.SANS_SUITE} <= set(rows.values_list("issue", flat=True))
    asked = rows.exclude(statut=Statut.BROUILLON)
    assert set(asked.values_list("document__entree__code", flat=True)) == {e["code"] for e in shipped()}
    given = Piece.objects.filter(origine="caisse")
    assert given.filter(efface_le=None, expire_le__gt=clock.now()).exists()
    assert given.filter(efface_le__isnull=False).exists()
    assert {row.partenaire.raison_sociale for row in given} == {"UDAF des Trois-Vallées"}


def every_dossier_shows_something() -> None:
    shown = set(Dossier.objects.values_list("type", "demande__statut"))
    for brouillon in Brouillon.objects.filter(demande__fonction=Fonction.DOSSIER):
        typed = brouillon.donnees["situation"]
        shown.add((type_of(typed["droit"][0], typed["nature"][0]), brouillon.demande.statut))
    assert shown == set(itertools.product(TypeDossier.values, STATUTS))
    assert Periode.objects.filter(rang=2, fin=FinPeriode.DECISION).exists()
    assert Periode.objects.filter(rang=2, close_le=None).exists()
    assert Dossier.objects.filter(rappele_le__isnull=False, fin_le__gte=clock.today()).exists()
    lines = PieceDossier.objects.all()
    joined = PieceJointe.objects.filter(demande=OuterRef("demande"), type_piece=OuterRef("type_piece"))
    assert not lines.filter(~Exists(joined), etat=EtatPieceDossier.PRESENTE).exists()
    waited_for = lines.filter(
        demande__statut=Statut.A_COMPLETER, demande__complements__elements__type_piece=F("type_piece")
    )
    assert {row.etat for row in waited_for} == {EtatPieceDossier.MANQUANTE}


def a_slot_can_be_booked() -> None:
    doubs = Caisse.objects.get(code="251")
    assert doubs.rendez_vous_reservation
    assert free_slots(doubs, Partenaire.objects.get(raison_sociale="CCAS de Valbrume").pk, "")


def the_pieces_open() -> None:
    piece = Piece.objects.order_by("pk")[0]
    context = vault.Context(piece.pk, piece.partenaire_id, piece.caisse_id)
    key = vault.WrappedKey(piece.cle_id, bytes(piece.cle_fichier))
    content = b"".join(vault.open_stored(piece.chemin, context, key))
    assert content.startswith(b"%PDF-1.4")
    assert len(content) == piece.taille


def no_text_would_be_refused() -> None:
    texts = [
        *Message.objects.values_list("texte", flat=True),
        *NoteInterne.objects.values_list("texte", flat=True),
        *Saisine.objects.values_list("description", flat=True),
        *Question.objects.values_list("message", flat=True),
        *Personne.objects.values_list("telephone", flat=True),
    ]
    assert not any(contains_nir(text) for text in texts)


def a_second_time_loads_nothing_more() -> None:
    before = Demande.objects.count()
    call_command("load_demo", verbosity=0)
    assert Demande.objects.count() == before


RULES: tuple[Callable[[], None], ...] = (
    the_accounts_and_their_password_are_those_that_are_announced,
    the_structures_have_the_conventions_of_the_contract,
    every_list_and_clock_shows_something,
    every_kind_is_shown_in_every_status,
    every_draft_opens_where_it_was_left,
    every_question_shows_something,
    every_document_shows_something,
    every_dossier_shows_something,
    a_slot_can_be_booked,
    the_pieces_open,
    no_text_would_be_refused,
)


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_each_rule_holds_on_any_day(moment: datetime, settings: Any, subtests: pytest.Subtests) -> None:
    settings.DEMO = True
    with clock.at(moment):
        call_command("load_demo", verbosity=0)
        for rule in RULES:
            with subtests.test(rule.__name__):
                rule()
        # Whatever the day.
        if moment == MOMENTS[0]:
            a_second_time_loads_nothing_more()
