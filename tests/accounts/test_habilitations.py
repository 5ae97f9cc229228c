"""Requests about gestionnaires: who asks, the clock of the caisse, what it answers (art. 2.2.1 to 2.2.3)."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from accounts.enums import MotifInactivation, MotifRefus, Profil, StatutHabilitation
from accounts.memberships import Membership, membership_of
from accounts.models import DemandeHabilitation, RolePartenaire, Utilisateur
from accounts.operations import decisions, habilitations
from accounts.operations.comptes import Identite
from accounts.rules import due_on, is_late, read_delay
from caisses.models import FermetureLocale
from partners.enums import EtatConvention
from partners.models import Convention
from portal import clock, sweeps
from portal.audit.models import Evenement
from portal.courriels.models import Courriel
from portal.errors import DomainError
from portal.tenancy import scope
from portal.workflow import ForbiddenTransition, StaleObject
from tests import factories as f
from tests.accounts.test_gestion_concurrency import in_parallel
from tests.fixtures.shelf import Shelf

pytestmark = pytest.mark.django_db
S = StatutHabilitation


@dataclass
class Place:
    """A structure with one gestionnaire and one technicien, and the administrator of its caisse."""

    convention: Convention
    gest: Membership
    tech: Utilisateur
    admin: Membership

    @property
    def structure(self) -> Any:
        return self.convention.partenaire

    @property
    def caisse(self) -> Any:
        return self.convention.caisse


@pytest.fixture
def made_place(shelf: Shelf) -> Callable[[], Place]:
    return shelf.made(build)


@pytest.fixture
def place(made_place: Callable[[], Place], _scope: None) -> Place:
    return made_place()


def build(members: int = 8, **fields: Any) -> Place:
    caisse = f.caisse("251", **fields)
    structure = f.partenaire(caisse, nombre_membres=members)
    return Place(
        f.convention(structure, caisse),
        f.membership(Profil.GESTIONNAIRE, structure),
        f.utilisateur(Profil.TECHNICIEN, structure),
        f.membership(Profil.ADMIN_CAISSE, caisse),
    )


def identite(**fields: Any) -> Identite:
    values = {
        "civilite": "MME",
        "nom": "Fictive",
        "prenom": "Zoé",
        "fonction": "Directrice",
        "telephone": "+33381000000",
        "courriel": "zoe.fictive@ccas.example",
    }
    return Identite(**{**values, **fields})


def by(actor: Membership) -> Any:
    return scope(actor.realm, actor.tenant)


def on(day: str) -> Any:
    return clock.at(datetime.fromisoformat(f"{day}T10:00:00+00:00"))


def asked(place: Place, **fields: Any) -> DemandeHabilitation:
    with by(place.gest):
        return habilitations.request_habilitation(
            actor=place.gest, caisse=place.caisse, identite=identite(**fields), cle=uuid.uuid4()
        )


def departure(place: Place, **values: Any) -> DemandeHabilitation:
    given: dict[str, Any] = {
        "compte": place.gest.user,
        "le": clock.today() + timedelta(days=20),
        "motif": MotifInactivation.DEPART,
        "cle": uuid.uuid4(),
    }
    with by(place.gest):
        return habilitations.request_departure(actor=place.gest, caisse=place.caisse, **{**given, **values})


def accept(place: Place, demande: DemandeHabilitation, **options: Any) -> DemandeHabilitation:
    with by(place.admin):
        return decisions.accept_request(actor=place.admin, demande=demande, **options)


def mails(kind: str) -> list[Courriel]:
    return list(Courriel.objects.filter(evenement=kind).order_by("pk"))


def test_a_request_reaches_the_caisse_and_its_acceptance_opens_the_account(place):
    demande = asked(place)
    assert [m.destinataire_id for m in mails("habilitation_recue")] == [place.admin.user.pk]
    accepted = accept(place, demande, version=demande.version)
    made = Utilisateur.objects.get(pk=accepted.compte_id)
    assert (made.identifiant, made.profil, made.active_le) == ("zoe.fictive", "gestionnaire", None)
    assert RolePartenaire.objects.get(user=made).content_object == place.structure
    assert mails("compte_activation")[0].destinataire_id == made.pk
    assert [m.destinataire_id for m in mails("habilitation_acceptee")] == [place.gest.user.pk]
    acts = Evenement.objects.filter(objet="demandehabilitation", objet_id=str(demande.pk))
    assert sorted(acts.values_list("details__acte", flat=True)) == ["demande", "statut"]
    assert "Fictive" not in str(list(acts.values_list("details", flat=True)))


def test_a_double_click_asks_once(place):
    cle = uuid.uuid4()
    with by(place.gest):
        made = [
            habilitations.request_habilitation(
                actor=place.gest, caisse=place.caisse, identite=identite(), cle=cle
            )
            for _ in range(2)
        ]
    assert made[0].pk == made[1].pk
    with pytest.raises(DomainError, match="déjà en cours pour cette adresse"):
        asked(place)


def test_the_third_of_two_is_refused_and_nothing_is_half_done(place):
    f.utilisateur(Profil.GESTIONNAIRE, place.structure)
    demande = asked(place)
    with pytest.raises(
        DomainError,
        match=r"Le nombre maximal de gestionnaires \(2\) est atteint pour une structure de 8 membres",
    ):
        accept(place, demande)
    demande.refresh_from_db()
    assert demande.statut == S.DEMANDEE
    assert not Utilisateur.objects.filter(nom="Fictive").exists()


@pytest.mark.django_db(transaction=True)
def test_twenty_acceptances_of_the_last_place_give_exactly_one():
    with transaction.atomic():
        place = build()
        demandes = [
            f.habilitation(place.convention, place.gest.user, courriel=f"g{n}@ccas.example")
            for n in range(20)
        ]

    def act(demande: DemandeHabilitation) -> Callable[[], Any]:
        return lambda: decisions.accept_request(actor=place.admin, demande=demande)

    outcomes = in_parallel(place.admin, [act(demande) for demande in demandes])
    assert outcomes == ["ok"] + ["quota_gestionnaires"] * 19
    with transaction.atomic():
        assert DemandeHabilitation.objects.filter(statut=S.ACCEPTEE).count() == 1
        rows = Utilisateur.objects.of_partenaire(place.structure).gestionnaires()
        assert rows.filter(is_active=True).count() == 2


@pytest.mark.parametrize(
    ("zone", "received", "due"),
    [
        ("METROPOLE", "2025-04-16", date(2025, 4, 24)),
        ("ALSACE_MOSELLE", "2025-04-16", date(2025, 4, 25)),
        ("MARTINIQUE", "2026-05-18", date(2026, 5, 27)),
        ("LA_REUNION", "2024-12-18", date(2024, 12, 27)),
    ],
)
def test_the_caisse_answers_in_five_jours_ouvres_of_its_zone(zone, received, due):
    place = build(zone_feries=zone)
    with on(received):
        demande = asked(place)
        assert due_on(demande) == due
        assert not is_late(demande)
    with on((due + timedelta(days=1)).isoformat()):
        assert is_late(demande)
        assert "En retard" in read_delay(demande).texte


def test_the_clock_stands_still_while_the_structure_completes(place):
    FermetureLocale.objects.create(caisse=place.caisse, jour=date(2026, 3, 17), libelle="Fermeture")
    with on("2026-03-02"):
        demande = asked(place)
        assert due_on(demande) == date(2026, 3, 9)
    with on("2026-03-04"), by(place.admin):
        demande = decisions.ask_to_complete(
            actor=place.admin, demande=demande, message="Quelle est sa fonction\u00a0?"
        )
        assert (due_on(demande), demande.delai_consomme) == (None, 2)
        assert "suspendu" in read_delay(demande).texte
    told = mails("habilitation_a_completer")
    assert [m.destinataire_id for m in told] == [place.gest.user.pk]
    assert "fonction" not in str(told[0].donnees)
    with on("2026-03-16"), by(place.gest):
        values = vars(identite(fonction="Cheffe de service"))
        demande = habilitations.complete_request(
            actor=place.gest, demande=demande, values=values, version=demande.version
        )
        # Three days are left from the 16th; the 17th is a local closure.
        assert due_on(demande) == date(2026, 3, 20)
    assert (demande.fonction, demande.statut) == ("Cheffe de service", S.DEMANDEE)


def test_a_refusal_has_its_motif_and_closes_the_request(place):
    demande = asked(place)
    with by(place.admin):
        decisions.refuse_request(actor=place.admin, demande=demande, motif=MotifRefus.DOUBLON)
    assert [m.destinataire_id for m in mails("habilitation_refusee")] == [place.gest.user.pk]
    with pytest.raises(ForbiddenTransition):
        accept(place, demande)
    asked(place)


def test_a_page_read_before_somebody_else_answered_changes_nothing(place):
    demande = asked(place)
    accept(place, demande, version=1)
    with pytest.raises(StaleObject), by(place.admin):
        decisions.refuse_request(actor=place.admin, demande=demande, motif=MotifRefus.AUTRE, version=1)


def test_another_caisse_or_role_answers_nothing(place):
    demande = asked(place)
    loire = f.caisse("422")
    for actor in (
        f.membership(Profil.ADMIN_CAISSE, loire),
        f.membership(Profil.AGENT, place.caisse),
        place.gest,
    ):
        with pytest.raises((DomainError, DemandeHabilitation.DoesNotExist)), by(actor):
            decisions.accept_request(actor=actor, demande=demande)
    with by(f.membership(Profil.ADMIN_CAISSE, loire)):
        assert not DemandeHabilitation.objects.exists()


def test_nothing_is_accepted_once_the_convention_is_over(place):
    demande = asked(place)
    Convention.objects.filter(pk=place.convention.pk).update(etat=EtatConvention.EXPIREE)
    with pytest.raises(DomainError, match="Aucune convention d’utilisation en vigueur"):
        accept(place, demande)


def test_a_modification_keeps_what_differs_and_only_four_fields(place):
    user = place.gest.user
    changes = {
        "nom": user.nom,
        "fonction": "Présidente",
        "telephone": "+33381000009",
        "courriel": user.courriel,
    }

    def ask(**values: Any) -> DemandeHabilitation:
        with by(place.gest):
            return habilitations.request_modification(
                actor=place.gest, compte=user, caisse=place.caisse, cle=uuid.uuid4(), **values
            )

    with pytest.raises(DomainError, match="Rien ne change"):
        ask(changes={"nom": user.nom})
    with pytest.raises(DomainError, match="Seuls le nom"):
        ask(changes={"prenom": "Autre"})
    demande = ask(changes=changes)
    assert (demande.nom, demande.fonction, demande.courriel) == ("", "Présidente", "")
    accept(place, demande)
    user.refresh_from_db()
    assert (user.fonction, user.telephone) == ("Présidente", "+33381000009")
    act = Evenement.objects.get(objet="compte", objet_id=user.pk, details__acte="modification")
    assert act.details["demande"].endswith(f"({demande.reference})")


def test_a_technicien_asks_nothing_and_no_technicien_is_changed_so(place):
    tech = membership_of(place.tech)
    with pytest.raises(DomainError, match="Seul un gestionnaire"), by(tech):
        habilitations.request_habilitation(
            actor=tech, caisse=place.caisse, identite=identite(), cle=uuid.uuid4()
        )
    with pytest.raises(DomainError, match="pas de ceux que vous gérez"):
        departure(place, compte=place.tech)


def test_a_departure_is_announced_fifteen_days_before(place):
    f.utilisateur(Profil.GESTIONNAIRE, place.structure)
    with pytest.raises(DomainError, match="quinze jours"):
        departure(place, le=clock.today() + timedelta(days=14))
    assert departure(place, le=clock.today() + timedelta(days=15)).ouverte
    with pytest.raises(DomainError, match="déjà demandé"):
        departure(place)


def test_the_last_gestionnaire_leaves_once_the_successor_is_habilitated(place):
    with pytest.raises(DomainError, match="remplaçant"):
        departure(place)
    with on("2026-06-01"):
        demande = departure(place, le=date(2026, 6, 30), successeur=identite())
        with pytest.raises(DomainError, match=f"demande {demande.successeur.reference}"):
            accept(place, demande)
        accept(place, demande.successeur)
        accept(place, demande)
        place.gest.user.refresh_from_db()
        assert place.gest.user.is_active
    assert swept("2026-06-29") == 0
    assert swept("2026-06-30") == 1
    assert swept("2026-07-15") == 0
    place.gest.user.refresh_from_db()
    place.tech.refresh_from_db()
    assert (place.gest.user.is_active, place.gest.user.motif_inactivation) == (False, "depart_structure")
    assert place.tech.is_active
    assert len(mails("compte_ferme")) == 1


def swept(day: str) -> int:
    with on(day):
        return sweeps.run("departs_gestionnaires")


def test_two_who_leave_together_need_a_successor_and_never_leave_nobody(place):
    peer = f.utilisateur(Profil.GESTIONNAIRE, place.structure)
    with on("2026-06-01"):
        first = departure(place, le=date(2026, 6, 30))
        with pytest.raises(DomainError, match="seul gestionnaire qui reste"):
            departure(place, compte=peer, le=date(2026, 6, 30))
        accept(place, first)
        second = departure(place, compte=peer, le=date(2026, 6, 30), successeur=identite())
        with pytest.raises(DomainError, match="Habilitez d’abord"):
            accept(place, second)
    DemandeHabilitation.objects.filter(pk=second.pk).update(statut=S.ACCEPTEE, delai_depuis=None)
    assert swept("2026-06-30") == 1
    rows = Utilisateur.objects.of_partenaire(place.structure).gestionnaires()
    assert rows.filter(is_active=True).count() == 1


def test_the_caisse_may_close_the_access_at_once(place):
    f.utilisateur(Profil.GESTIONNAIRE, place.structure)
    demande = accept(place, departure(place), immediat=True)
    place.gest.user.refresh_from_db()
    assert not place.gest.user.is_active
    assert demande.effectuee_le is not None
    assert sweeps.run("departs_gestionnaires") == 0


def test_who_was_named_is_forgotten_six_months_after_the_answer(place):
    with on("2026-01-10"):
        demande = asked(place)
        with by(place.admin):
            decisions.refuse_request(
                actor=place.admin, demande=demande, motif=MotifRefus.AUTRE, message="Non."
            )
    for day, kept in (("2026-07-09", "Fictive"), ("2026-07-10", ""), ("2026-07-11", "")):
        with on(day):
            sweeps.run("demandes_habilitation_oubliees")
        demande.refresh_from_db()
        assert demande.nom == kept
    assert (demande.courriel, demande.message, demande.motif_refus) == ("", "", MotifRefus.AUTRE)


def test_whoever_asked_may_withdraw_until_the_caisse_answers(place):
    demande = asked(place)
    with by(place.gest):
        gone = habilitations.withdraw_request(actor=place.gest, demande=demande, version=demande.version)
    assert (gone.statut, gone.delai_depuis, gone.decidee_le is not None) == (S.RETIREE, None, True)
    with pytest.raises(ForbiddenTransition):
        accept(place, demande)
    accepted = accept(place, asked(place))
    with by(place.gest), pytest.raises(DomainError, match="déjà répondu"):
        habilitations.withdraw_request(actor=place.gest, demande=accepted, version=accepted.version)


def test_a_departure_that_was_accepted_is_withdrawn_before_its_day(place):
    f.utilisateur(Profil.GESTIONNAIRE, place.structure)
    leaving = accept(place, departure(place))
    with by(place.gest):
        habilitations.withdraw_request(actor=place.gest, demande=leaving, version=leaving.version)
    with clock.at(clock.now() + timedelta(days=30)):
        sweeps.run("departs_gestionnaires")
    assert Utilisateur.objects.get(pk=place.gest.user.pk).is_active
    assert departure(place).statut == S.DEMANDEE
