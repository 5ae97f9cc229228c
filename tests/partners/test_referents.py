"""Référents: proposed by a structure, decided by the caisse, never none, and told without a name (métier, art. 4)."""

import uuid

import pytest

from accounts.enums import Profil
from partners.enums import EtatChangement, NatureChangement, Partie
from partners.models import ChangementReferent, Convention, Referent
from partners.operations.referents import (
    Coordonnees,
    change_referent,
    confirm_change,
    propose_change,
    refuse_change,
    withdraw_proposal,
)
from portal.audit.models import Evenement
from portal.courriels.models import Courriel
from portal.errors import DomainError
from portal.tenancy import scope
from tests import factories as f

pytestmark = pytest.mark.django_db
N = NatureChangement
NEW = Coordonnees("Neuve Fictive", "Cheffe de service", "neuve@ccas.example", "+33639980001")


@pytest.fixture
def convention():
    caisse = f.caisse("251")
    made = f.convention(f.partenaire(caisse), caisse)
    for partie in (Partie.CAISSE, Partie.PARTENAIRE):
        Referent.objects.create(
            convention=made, partie=partie, nom=f"Ancien {partie}", courriel=f"{partie.lower()}@x.example"
        )
    return made


@pytest.fixture
def gestionnaire(convention):
    return f.membership(Profil.GESTIONNAIRE, convention.partenaire)


@pytest.fixture
def admin(convention):
    return f.membership(Profil.ADMIN_CAISSE, convention.caisse)


def own(convention: Convention) -> Referent:
    return convention.referents.get(partie=Partie.PARTENAIRE)


def propose(gestionnaire, convention, **fields):
    referent = fields.pop("referent", None) or own(convention)
    said = {"nature": N.REMPLACEMENT, "referent": referent, "coordonnees": NEW, "cle": uuid.uuid4()}
    with scope("partenaire", convention.partenaire_id):
        return propose_change(actor=gestionnaire, convention=convention, **{**said, **fields})


def told(kind: str) -> list[str]:
    return sorted(Courriel.objects.filter(evenement=kind).values_list("adresse", flat=True))


def refused(code: str, act, **said):
    with pytest.raises(DomainError) as error:
        act(**said)
    assert error.value.code == code


def test_nothing_changes_until_the_caisse_confirms_then_both_sides_know(gestionnaire, admin, convention):
    key = uuid.uuid4()
    change = propose(gestionnaire, convention, cle=key)
    assert propose(gestionnaire, convention, cle=key) == change
    assert own(convention).nom == "Ancien PARTENAIRE"
    assert told("referent_propose") == ["caisse@x.example"]
    with scope("caisse", convention.caisse_id):
        confirm_change(actor=admin, convention=convention, changement=change)
    referent = own(convention)
    assert (referent.nom, referent.courriel, referent.depuis) == (
        NEW.nom,
        NEW.courriel,
        convention.caisse.today(),
    )
    change.refresh_from_db()
    assert (change.etat, change.ancien_nom, change.decide_par_id) == (
        EtatChangement.CONFIRME,
        "Ancien PARTENAIRE",
        admin.acteur_id,
    )
    assert told("referent_change") == ["", "caisse@x.example", "neuve@ccas.example", "partenaire@x.example"]
    assert not Courriel.objects.exclude(donnees={}).exists()
    assert convention.passages.get().acte == "REFERENT"
    assert Evenement.objects.filter(objet="convention", objet_id=convention.pk).count() == 2


def test_a_change_is_answered_once_and_one_at_a_time(gestionnaire, admin, convention):
    change = propose(gestionnaire, convention)
    refused("deja_propose", propose, gestionnaire=gestionnaire, convention=convention)
    refused(
        "deja_propose",
        change_referent,
        actor=admin,
        convention=convention,
        nature=N.REMPLACEMENT,
        referent=own(convention),
        coordonnees=NEW,
    )
    refused("motif", refuse_change, actor=admin, convention=convention, changement=change, motif=" ")
    refuse_change(actor=admin, convention=convention, changement=change, motif="Adresse personnelle")
    assert told("referent_refuse") == ["", "partenaire@x.example"]
    refused("deja_decide", confirm_change, actor=admin, convention=convention, changement=change)
    again = propose(gestionnaire, convention)
    with scope("partenaire", convention.partenaire_id):
        withdraw_proposal(actor=gestionnaire, changement=again)
    refused("deja_decide", confirm_change, actor=admin, convention=convention, changement=again)
    assert own(convention).nom == "Ancien PARTENAIRE"


def test_a_party_keeps_a_referent_and_a_removed_one_stays_in_the_history(gestionnaire, admin, convention):
    refused(
        "dernier",
        propose,
        gestionnaire=gestionnaire,
        convention=convention,
        nature=N.RETRAIT,
    )
    change_referent(
        actor=admin, convention=convention, nature=N.AJOUT, partie=Partie.PARTENAIRE, coordonnees=NEW
    )
    first = convention.referents.get(nom="Ancien PARTENAIRE")
    change = propose(gestionnaire, convention, nature=N.RETRAIT, referent=first)
    confirm_change(actor=admin, convention=convention, changement=change)
    assert own(convention).nom == NEW.nom
    assert ChangementReferent.objects.get(pk=change.pk).ancien_courriel == "partenaire@x.example"


def test_what_changed_meanwhile_is_not_confirmed(gestionnaire, admin, convention):
    change = propose(gestionnaire, convention)
    Referent.objects.filter(pk=own(convention).pk).update(telephone="+33639980009")
    refused("perime", confirm_change, actor=admin, convention=convention, changement=change)


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("nom", {"coordonnees": Coordonnees(courriel="x@ccas.example")}),
        ("courriel", {"coordonnees": Coordonnees("Fictive")}),
        ("inchange", {"coordonnees": Coordonnees("Ancien PARTENAIRE", "", "partenaire@x.example")}),
    ],
)
def test_what_is_missing_or_the_same_is_said(gestionnaire, convention, code, fields):
    refused(code, propose, gestionnaire=gestionnaire, convention=convention, **fields)


def test_a_structure_touches_its_own_referents_of_its_own_living_conventions(gestionnaire, admin, convention):
    caisse_side = convention.referents.get(partie=Partie.CAISSE)
    refused("referent", propose, gestionnaire=gestionnaire, convention=convention, referent=caisse_side)
    other = f.convention(f.partenaire(convention.caisse), convention.caisse)
    refused("hors_perimetre", propose, gestionnaire=gestionnaire, convention=other, referent=own(convention))
    Convention.objects.filter(pk=convention.pk).update(etat="EXPIREE")
    convention.refresh_from_db()
    refused("etat", propose, gestionnaire=gestionnaire, convention=convention)
