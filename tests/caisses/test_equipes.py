"""Teams of a caisse: set in the admin, chosen at sending, told of what arrives."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.enums import Profil
from accounts.models import Utilisateur
from caisses.enums import Fonction
from caisses.models import Equipe
from portal.courriels.models import Courriel
from portal.tenancy import scope
from signalements.enums import Statut
from signalements.models import Demande
from signalements.notifications import tell_sent
from signalements.queries.equipes import team_address, team_for
from tests import factories as f
from tests.fixtures.administration import admin_url, form_data

pytestmark = pytest.mark.django_db


def sent(caisse: Any, **fields: Any) -> Demande:
    structure = f.partenaire(caisse)
    author = f.utilisateur(Profil.TECHNICIEN, structure)
    demande: Demande = f.demande(f.convention(structure, caisse), author, statut=Statut.ENVOYEE, **fields)
    return demande


def told(evenement: str) -> list[tuple[int | None, str]]:
    return list(Courriel.objects.filter(evenement=evenement).values_list("destinataire_id", "adresse"))


def test_the_first_active_team_that_handles_the_function_receives_it():
    caisse, other = f.caisse(), f.caisse("422")
    f.equipe(caisse, Fonction.SAISINE, ordre=1, active=False)
    f.equipe(caisse, Fonction.DOCUMENT, ordre=2)
    f.equipe(other, Fonction.SAISINE, ordre=3)
    f.equipe(caisse, Fonction.SAISINE, ordre=20)
    first = f.equipe(caisse, Fonction.CONTACT, Fonction.SAISINE, ordre=10)
    assert team_for(caisse, Fonction.SAISINE) == first
    assert team_for(caisse, Fonction.DOSSIER) is None


def test_a_structure_s_sending_reads_the_teams_and_writes_none():
    caisse = f.caisse()
    team = f.equipe(caisse, Fonction.SAISINE)
    structure = f.partenaire(caisse)
    with scope("partenaire", structure.pk):
        assert team_for(caisse, Fonction.SAISINE) == team
    with scope("caisse", f.caisse("422").pk):
        assert not Equipe.objects.exists()


def test_the_mailbox_is_the_team_s_else_that_of_the_saisines_else_the_support():
    caisse = f.caisse()
    demande = sent(caisse)
    assert team_address(demande) == caisse.equipe_mas_courriel
    demande.equipe = f.equipe(caisse, Fonction.SAISINE)
    assert team_address(demande) == caisse.equipe_mas_courriel
    demande.equipe.courriel = "equipe@cpam.example"
    assert team_address(demande) == "equipe@cpam.example"
    demande.equipe, demande.fonction = None, Fonction.DOCUMENT
    assert team_address(demande) == caisse.support_courriel


def test_an_urgent_demande_goes_to_the_caisse_s_referent_or_its_team():
    caisse = f.caisse()
    demande = sent(caisse)
    demande.urgente = True
    tell_sent(demande)
    assert told("demande_urgente") == [(None, caisse.equipe_mas_courriel)]
    Courriel.objects.all().delete()
    caisse.referent_urgences = f.utilisateur(Profil.AGENT, caisse)
    demande.caisse = caisse
    tell_sent(demande)
    assert told("demande_urgente") == [(caisse.referent_urgences.pk, "")]
    Courriel.objects.all().delete()
    Utilisateur.objects.filter(pk=caisse.referent_urgences.pk).update(profil=Profil.CONSEILLER_MAS)
    demande.fonction = Fonction.DOCUMENT
    tell_sent(demande)
    assert told("demande_urgente") == [(None, caisse.support_courriel)]


def test_the_database_refuses_a_team_of_another_caisse():
    demande = sent(f.caisse())
    foreign = f.equipe(f.caisse("422"), Fonction.SAISINE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Demande.objects.filter(pk=demande.pk).update(equipe=foreign)
        connection.check_constraints()


def test_an_administrator_makes_the_teams_of_the_caisse_and_puts_accounts_in_them(place, admin):
    foreign = f.equipe(place.loire, Fonction.SAISINE)
    data = {"nom": "Équipe des droits", "courriel": "droits@cpam.example", "ordre": 10, "active": "on"}
    made = admin.post(admin_url("caisses_equipe", "add"), {**data, "fonctions": [Fonction.SAISINE]})
    assert made.status_code == 302
    team = Equipe.objects.get(nom="Équipe des droits")
    assert (team.caisse, team.fonctions) == (place.doubs, [Fonction.SAISINE])
    agent = f.utilisateur(Profil.AGENT, place.doubs, nom="Fictive", telephone="+33381000000")
    page = admin_url("accounts_comptecaisse", "change", agent.pk)
    refused = admin.post(page, {**form_data(admin.get(page)), "equipe": foreign.pk})
    assert refused.status_code == 422
    done = admin.post(page, {**form_data(admin.get(page)), "equipe": team.pk})
    assert done.status_code == 302
    agent.refresh_from_db()
    assert agent.equipe == team


def test_the_referent_of_urgencies_is_an_account_of_the_caisse(place, admin):
    page = admin_url("caisses_caisse", "change", place.doubs.pk)
    stranger = f.utilisateur(Profil.AGENT, place.loire)
    refused = admin.post(page, {**form_data(admin.get(page)), "referent_urgences": stranger.pk})
    assert refused.status_code == 422
    agent = f.utilisateur(Profil.AGENT, place.doubs)
    done = admin.post(page, {**form_data(admin.get(page)), "referent_urgences": agent.pk})
    assert done.status_code == 302
    place.doubs.refresh_from_db()
    assert place.doubs.referent_urgences == agent
