"""Avenants: in force once all have signed, and never about the objectives (art. 8.3)."""

from datetime import date, timedelta

import pytest

from accounts.enums import Profil
from caisses.enums import Fonction
from partners.enums import Partie
from partners.models import Convention, Signataire
from partners.operations.avenants import abandon_avenant, changes_in_words, draft_avenant, sign_avenant
from portal.errors import DomainError
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def convention():
    caisse = f.caisse("251")
    made = f.convention(f.partenaire(caisse), caisse, fonctions=[Fonction.SAISINE])
    for partie in (Partie.CAISSE, Partie.PARTENAIRE):
        Signataire.objects.create(convention=made, partie=partie, nom="Fictif", qualite="Directeur")
    return made


@pytest.fixture
def admin(convention):
    return f.membership(Profil.ADMIN_CAISSE, convention.caisse)


def draft(admin, convention, **changements):
    return draft_avenant(actor=admin, convention=convention, objet="Élargir", changements=changements)


def refused(code: str, act, **said):
    with pytest.raises(DomainError) as error:
        act(**said)
    assert error.value.code == code


def test_an_avenant_changes_the_convention_the_day_the_last_party_signs(admin, convention):
    avenant = draft(
        admin,
        convention,
        fonctions=[Fonction.SAISINE, Fonction.CONTACT],
        documents_sortants=True,
        nombre_membres=30,
        preavis_mois=3,
        mise_en_demeure_jours=15,
    )
    assert (avenant.numero, "mise_en_demeure_jours" in avenant.changements) == (1, False)
    assert ("Nombre de membres", "30") in changes_in_words(avenant.changements)
    first, second = avenant.signatures.all()
    sign_avenant(actor=admin, convention=convention, signature=first, le=date(2026, 2, 3))
    assert not Convention.objects.get(pk=convention.pk).documents_sortants
    sign_avenant(actor=admin, convention=convention, signature=second, le=date(2026, 2, 1))
    convention, avenant = Convention.objects.get(pk=convention.pk), convention.avenants.get()
    assert avenant.date == date(2026, 2, 3)
    assert set(convention.fonctions) == {Fonction.SAISINE, Fonction.CONTACT}
    assert (convention.documents_sortants, convention.preavis_mois) == (True, 3)
    assert convention.partenaire.nombre_membres == 30
    assert [row.acte for row in convention.passages.all()][:2] == ["AVENANT", "SIGNATURE"]


def test_an_avenant_touches_neither_parties_nor_nature(admin, convention):
    for name, value in (("nature", "METIER"), ("partenaire", 3), ("date_fin", "2030-01-01")):
        refused("objectifs", draft, admin=admin, convention=convention, **{name: value})


def test_one_avenant_at_a_time_and_something_to_change(admin, convention):
    refused("vide", draft, admin=admin, convention=convention, documents_sortants=False)
    draft(admin, convention, documents_sortants=True)
    refused("deja_ouvert", draft, admin=admin, convention=convention, preavis_mois=2)
    abandon_avenant(actor=admin, convention=convention, commentaire="Refusé par la structure")
    assert draft(admin, convention, preavis_mois=2).numero == 2
    assert not Convention.objects.get(pk=convention.pk).documents_sortants


def test_signatures_of_an_avenant_are_checked(admin, convention):
    first = draft(admin, convention, documents_sortants=True).signatures.first()
    tomorrow = convention.caisse.today() + timedelta(days=1)
    refused("a_venir", sign_avenant, actor=admin, convention=convention, signature=first, le=tomorrow)
    sign_avenant(actor=admin, convention=convention, signature=first, le=date(2026, 2, 3))
    refused(
        "deja_signee", sign_avenant, actor=admin, convention=convention, signature=first, le=date(2026, 2, 3)
    )
    other = f.convention(f.partenaire(convention.caisse), convention.caisse)
    refused("sans_avenant", sign_avenant, actor=admin, convention=other, signature=first, le=date(2026, 2, 3))


def test_functions_are_those_of_an_utilisation_and_offered(admin, convention):
    refused("nature", draft, admin=admin, convention=convention.adossee_a, fonctions=[Fonction.SAISINE])
    convention.caisse.fonctions_offertes = [Fonction.SAISINE]
    convention.caisse.save()
    refused("fonction_fermee", draft, admin=admin, convention=convention, fonctions=[Fonction.CONTACT])
    Convention.objects.filter(pk=convention.pk).update(etat="EXPIREE")
    refused("pas_en_vigueur", draft, admin=admin, convention=convention, preavis_mois=1)
