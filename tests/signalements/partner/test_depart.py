"""The departure of a technicien leaves nothing orphaned."""

import uuid

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.enums import MotifInactivation, Profil
from accounts.memberships import membership_of
from accounts.models import Utilisateur
from accounts.operations.comptes import reopen_account
from accounts.operations.coupures import cut_access
from accounts.operations.techniciens import inactivate_technicien
from portal.audit.models import Evenement
from portal.courriels.models import Courriel
from portal.errors import DomainError
from portal.tenancy import scope
from signalements.enums import Statut
from signalements.models import Demande, Suiveur
from signalements.operations.departures import take_over
from signalements.operations.drafts import save_draft
from signalements.operations.suiveurs import follow
from signalements.operations.suivi import post_message_caisse
from signalements.queries.partner import to_do
from signalements.queries.partner_counts import tab_counts, to_do_count
from tests import factories as f
from tests.fixtures.signing_in import sign_in
from tests.signalements.partner.conftest import url

pytestmark = pytest.mark.django_db


@pytest.fixture
def gestionnaire(monde):
    """The structure's gestionnaire."""
    return f.utilisateur(Profil.GESTIONNAIRE, monde.valbrume)


@pytest.fixture
def held(monde):
    """What the technicien is in charge of: two open demandes and a draft; a closed one that stays theirs."""
    made = [
        f.demande(monde.convention, monde.technicien, statut=statut)
        for statut in (Statut.EN_COURS, Statut.A_COMPLETER, Statut.BROUILLON)
    ]
    f.demande(monde.convention, monde.technicien, statut=Statut.TRAITEE)
    return made


def leave(monde, gestionnaire, successeur=None):
    """The gestionnaire inactivates the technicien, in the realm of the structure."""
    actor = membership_of(gestionnaire)
    with scope("partenaire", monde.valbrume.pk), transaction.atomic():
        inactivate_technicien(
            actor=actor,
            technicien=monde.technicien,
            motif=MotifInactivation.DEPART,
            successeur=successeur,
        )


def authors(rows):
    return set(Demande.objects.filter(pk__in=[row.pk for row in rows]).values_list("auteur_id", flat=True))


def colleague(monde):
    return membership_of(Utilisateur.objects.get(pk=monde.autre_technicien.pk))


def told(evenement):
    return list(Courriel.objects.filter(evenement=evenement).values_list("destinataire_id", flat=True))


def test_a_colleague_takes_everything_over_and_is_told_once(monde, gestionnaire, held):
    other = monde.autre_technicien
    elsewhere = f.demande(monde.convention_roche, monde.technicien_roche, statut=Statut.EN_COURS)
    followed = f.demande(monde.convention, gestionnaire, statut=Statut.EN_COURS)
    follow(membership=monde.membership, reference=followed.reference)
    leave(monde, gestionnaire, other)
    assert authors(held) == {other.pk}
    assert authors([elsewhere]) == {monde.technicien_roche.pk}
    assert Demande.objects.get(statut=Statut.TRAITEE).auteur == monde.technicien
    assert list(Suiveur.objects.values_list("demande_id", "compte_id")) == [(followed.pk, other.pk)]
    assert told("demandes_confiees") == [other.pk]
    event = Evenement.objects.filter(objet="demande", details__acte="depart")
    assert set(event.values_list("objet_id", flat=True)) == {row.reference for row in held}
    assert to_do_count(colleague(monde)) == 1


def test_without_a_colleague_everybody_sees_what_is_to_be_taken_over(client, monde, gestionnaire, held):
    leave(monde, gestionnaire)
    assert authors(held) == {monde.technicien.pk}
    assert told("demandes_a_reprendre") == [monde.autre_technicien.pk]
    membership = colleague(monde)
    assert {row.pk for row in to_do(membership).a_reprendre} == {row.pk for row in held}
    assert to_do_count(membership) == tab_counts(membership)["a-faire"] == len(held)
    sign_in(client, monde.autre_technicien)
    assert "Demandes à reprendre" in client.get("/").text
    assert "Reprendre la demande" in client.get(url("demande", held[0])).text
    client.post(url("prendre_la_suite", held[0]))
    assert authors(held[:1]) == {monde.autre_technicien.pk}
    assert "Reprendre la demande" not in client.get(url("demande", held[0])).text


def test_two_colleagues_do_not_both_take_over(monde, gestionnaire, held):
    third = f.membership(Profil.TECHNICIEN, monde.valbrume)
    leave(monde, gestionnaire)
    take_over(membership=colleague(monde), reference=held[0].reference)
    take_over(membership=colleague(monde), reference=held[0].reference)
    with pytest.raises(DomainError) as refused:
        take_over(membership=third, reference=held[0].reference)
    assert refused.value.code == "deja_reprise"


def test_going_on_with_a_draft_is_taking_it_over(monde, gestionnaire, held):
    leave(monde, gestionnaire)
    save_draft(membership=colleague(monde), reference=held[2].reference, etape="personne", saisie={})
    draft = Demande.objects.get(pk=held[2].pk)
    assert (draft.auteur_id, draft.a_reprendre_le) == (monde.autre_technicien.pk, None)


def test_the_news_go_to_the_structure_and_not_to_who_left(monde, gestionnaire, held):
    leave(monde, gestionnaire)
    agent = f.membership(Profil.AGENT, monde.doubs)
    post_message_caisse(actor=agent, demande_id=held[0].pk, texte="Bonjour", cle=uuid.uuid4())
    assert told("message_caisse") == [monde.autre_technicien.pk]


def test_a_security_cut_by_the_caisse_orphans_nothing_either(monde, held):
    admin = f.membership(Profil.ADMIN_CAISSE, monde.doubs)
    with scope("caisse", monde.doubs.pk), transaction.atomic():
        cut_access(actor=admin, compte=monde.technicien, motif=MotifInactivation.VOL)
    assert {row.pk for row in to_do(colleague(monde)).a_reprendre} == {row.pk for row in held}


def test_what_nobody_took_over_comes_back_with_the_account(monde, gestionnaire, held):
    leave(monde, gestionnaire)
    take_over(membership=colleague(monde), reference=held[0].reference)
    with scope("partenaire", monde.valbrume.pk), transaction.atomic():
        reopen_account(actor=membership_of(gestionnaire), user=monde.technicien, organisation=monde.valbrume)
    assert not Demande.objects.filter(a_reprendre_le__isnull=False).exists()
    assert authors(held) == {monde.technicien.pk, monde.autre_technicien.pk}


@pytest.mark.parametrize("who", ["technicien", "technicien_roche"])
def test_only_an_active_colleague_may_take_over(monde, gestionnaire, held, who):
    with pytest.raises(DomainError):
        leave(monde, gestionnaire, getattr(monde, who))
    assert Utilisateur.objects.get(pk=monde.technicien.pk).is_active


def test_the_page_of_the_gestionnaire_counts_and_names_nothing(client, monde, gestionnaire, held):
    sign_in(client, gestionnaire)
    address = reverse("accounts:technicien_inactiver", args=[monde.technicien.pk])
    page = client.get(address).text
    assert "2 demandes en cours" in page
    assert "1 brouillon" in page
    assert "Fictive" not in page
    assert not any(row.reference in page for row in held)
    posted = {"motif": MotifInactivation.DEPART, "successeur": monde.autre_technicien.pk}
    assert client.post(address, posted).status_code == 302
    assert authors(held) == {monde.autre_technicien.pk}


def test_a_forged_successor_is_refused(client, monde, gestionnaire, held):
    sign_in(client, gestionnaire)
    address = reverse("accounts:technicien_inactiver", args=[monde.technicien.pk])
    posted = {"motif": MotifInactivation.DEPART, "successeur": monde.technicien_roche.pk}
    assert client.post(address, posted).status_code == 422
    assert Utilisateur.objects.get(pk=monde.technicien.pk).is_active
