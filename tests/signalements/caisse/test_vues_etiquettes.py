"""Kept views and labels: whose they are, who may change them, what a structure never sees."""

import uuid

import pytest

from portal.tenancy import scope
from signalements.enums import Statut
from signalements.models import Etiquette, PoseEtiquette, VueEnregistree
from signalements.operations.etiquettes import put_label
from tests import factories as f
from tests.conftest import StrangerClient
from tests.fixtures.signing_in import sign_in
from tests.signalements.caisse.conftest import signed_in

pytestmark = pytest.mark.django_db
FILE, VUES, LABELS = "/espace-caisse/file/", "/espace-caisse/vues/", "/espace-caisse/etiquettes/"
NIR = "1 85 12 75 108 023 17"


def keep(client, liste, **data):
    return client.post(f"{VUES}nouvelle/", {"liste": liste, "cle": str(uuid.uuid4()), **data})


def shown(response):
    return [ligne.reference for ligne in response.context["lignes"]]


def test_a_view_keeps_the_tab_and_the_filters_and_opens_by_its_address(world):
    mine, _ = world.demande(assignee_a=world.agent.user), world.demande()
    client = signed_in(world.agent)
    assert keep(client, "vue=a-prendre&agent=moi", nom="Mes nouvelles").status_code == 302
    view = VueEnregistree.objects.get()
    assert (view.onglet, view.filtres, view.proprietaire) == (
        "a-prendre",
        {"agent": "moi"},
        world.agent.user,
    )
    response = client.get(f"{VUES}{view.pk}/", follow=True)
    assert shown(response) == [mine.reference]
    assert response.context["vue_ouverte"] == "Mes nouvelles"


def test_a_personal_view_is_its_owner_s_alone(world):
    keep(signed_in(world.agent), "vue=urgences", nom="À moi")
    view = VueEnregistree.objects.get()
    for member in (world.conseiller, world.superviseur, world.etranger):
        client = signed_in(member)
        assert client.get(f"{VUES}{view.pk}/").status_code == 404
        assert client.post(f"{VUES}{view.pk}/supprimer/").status_code == 404
    client = signed_in(world.agent)
    assert client.post(f"{VUES}{view.pk}/renommer/", {"nom": "Urgences"}).status_code == 302
    assert VueEnregistree.objects.get().nom == "Urgences"
    assert client.post(f"{VUES}{view.pk}/supprimer/").status_code == 302
    assert not VueEnregistree.objects.exists()


def test_a_superviseur_makes_views_for_the_caisse_or_one_team(world):
    team = f.equipe(world.caisse, "SAISINE")
    boss = signed_in(world.superviseur)
    keep(boss, "vue=en-retard", nom="Retards", pour="caisse")
    keep(boss, "vue=urgences", nom="Urgences de l’équipe", pour=str(team.pk))
    forbidden = keep(signed_in(world.agent), "vue=en-retard", nom="Pour tous", pour="caisse")
    assert forbidden.status_code == 302
    assert VueEnregistree.objects.get(nom="Pour tous").proprietaire == world.agent.user
    assert [nom for nom, _, _ in signed_in(world.conseiller).get(FILE).context["vues_equipe"]] == ["Retards"]
    world.conseiller.user.equipe = team
    world.conseiller.user.save()
    names = [nom for nom, _, _ in signed_in(world.conseiller).get(FILE).context["vues_equipe"]]
    assert names == ["Retards", "Urgences de l’équipe"]
    shared = VueEnregistree.objects.get(nom="Retards")
    assert signed_in(world.conseiller).post(f"{VUES}{shared.pk}/supprimer/").status_code == 403


def test_a_name_taken_or_with_a_nir_is_refused_and_kept_typed(world):
    client = signed_in(world.agent)
    keep(client, "vue=urgences", nom="Urgences")
    taken = keep(client, "vue=en-retard", nom="Urgences")
    assert taken.status_code == 422
    assert "Une de vos vues porte déjà ce nom." in taken.content.decode()
    assert keep(client, "vue=en-retard", nom=f"Dossier {NIR}").status_code == 422
    assert VueEnregistree.objects.count() == 1


def test_a_view_whose_filters_are_gone_opens_without_them_and_says_so(world):
    label = Etiquette.objects.create(caisse=world.caisse, nom="À rappeler")
    demande = world.demande()
    client = signed_in(world.agent)
    keep(client, f"vue=a-traiter&etiquette={label.pk}", nom="À rappeler")
    signed_in(world.superviseur).post(f"{LABELS}{label.pk}/retirer/")
    response = client.get(f"{VUES}{VueEnregistree.objects.get().pk}/", follow=True)
    assert response.status_code == 200
    assert shown(response) == [demande.reference]
    assert "Ignoré\u00a0: Étiquette." in response.content.decode()


def test_a_superviseur_keeps_the_palette(world):
    client = signed_in(world.superviseur)
    assert client.post(LABELS, {"nom": "À rappeler", "ton": "bleu"}).status_code == 302
    taken = client.post(LABELS, {"nom": "à RAPPELER", "ton": "vert"})
    assert taken.status_code == 422
    assert client.post(LABELS, {"nom": NIR, "ton": "vert"}).status_code == 422
    label = Etiquette.objects.get()
    client.post(f"{LABELS}{label.pk}/", {"nom": "Rappel", "ton": "prune"})
    label.refresh_from_db()
    assert (label.nom, label.ton) == ("Rappel", "prune")
    client.post(f"{LABELS}{label.pk}/retirer/")
    assert client.get(f"{LABELS}{label.pk}/").status_code == 404
    assert client.post(LABELS, {"nom": "Rappel", "ton": "bleu"}).status_code == 302


def test_a_label_is_put_shown_filtered_and_taken_off(world):
    label = Etiquette.objects.create(caisse=world.caisse, nom="À rappeler")
    foreign = Etiquette.objects.create(caisse=world.autre_caisse, nom="Ailleurs")
    demande, _ = world.demande(), world.demande()
    client, page = signed_in(world.agent), f"/espace-caisse/demandes/{demande.reference}/"
    client.post(f"{page}etiquettes/", {"etiquette": foreign.pk})
    assert not PoseEtiquette.objects.exists()
    client.post(f"{page}etiquettes/", {"etiquette": label.pk})
    client.post(f"{page}etiquettes/", {"etiquette": label.pk})
    assert PoseEtiquette.objects.count() == 1
    assert "ep-tag--ardoise" in client.get(page).content.decode()
    response = client.get(f"{FILE}?etiquette={label.pk}")
    assert shown(response) == [demande.reference]
    assert "À rappeler" in response.context["lignes"][0].etiquettes
    client.post(f"{page}etiquettes/{label.pk}/retirer/")
    assert not PoseEtiquette.objects.exists()


def test_a_structure_never_sees_a_label(world):
    label = Etiquette.objects.create(caisse=world.caisse, nom="Canarivert")
    demande = world.demande(Statut.EN_COURS)
    put_label(actor=world.agent, demande_id=demande.pk, label_id=label.pk)
    client = sign_in(StrangerClient(), world.technicien.user)
    for path in ("/", "/espace-partenaire/demandes/", f"/espace-partenaire/demandes/{demande.reference}/"):
        assert "Canarivert" not in client.get(path).content.decode()
    with scope("partenaire", world.structure.pk):
        assert not PoseEtiquette.objects.exists()
