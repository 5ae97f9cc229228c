"""The screens of the gestionnaire: what they show, what they refuse, to whom."""

from datetime import timedelta

import pytest

from accounts.enums import Profil
from accounts.models import RolePartenaire, Utilisateur
from portal import clock
from portal.courriels.models import Courriel
from tests import factories as f
from tests.accounts.conftest import CANARY, good, url

pytestmark = pytest.mark.django_db


def test_the_home_counts_accounts_and_says_that_demandes_are_elsewhere(gest, place):
    long_ago = clock.now() - timedelta(days=100)
    f.utilisateur(Profil.TECHNICIEN, place["valbrume"], active_le=None)
    f.utilisateur(Profil.TECHNICIEN, place["valbrume"], active_le=long_ago, last_login=long_ago)
    f.demande(place["conv"], place["tech"], statut="ENVOYEE", personne={"nom_naissance": CANARY})
    response = gest.get(url("gestion_accueil"))
    assert response.context["compteurs"] == {"actifs": 2, "invites": 1, "absents": 1}
    text = response.content.decode()
    assert "ne voit aucune demande" in text
    assert "CPAM 251" in text
    assert "EP-251" not in text
    assert CANARY not in text


def test_the_home_shows_where_each_convention_ends(gest, place):
    end = place["doubs"].today() + timedelta(days=45)
    f.convention(place["valbrume"], place["loire"], date_fin=end)
    text = gest.get(url("gestion_accueil")).content.decode()
    assert "Expire dans 45\u00a0jours" in text
    assert f"{end.day} " in text
    assert "Reconduite tant qu’aucune partie ne la dénonce" in text


def test_the_list_shows_the_structure_and_nobody_else(gest, place):
    text = gest.get(url("techniciens")).content.decode()
    assert "Durandfictif" in text
    assert CANARY not in text
    assert place["peer"].nom not in text


@pytest.mark.parametrize("words", [CANARY, CANARY.lower(), "canari", "technicien"])
def test_a_search_never_leaves_the_structure(gest, place, words):
    response = gest.get(url("techniciens"), {"q": words})
    rows = [line["compte"] for line in response.context["lignes"]]
    assert all(user == place["tech"] for user in rows)
    assert place["stranger"].courriel not in response.content.decode()


def test_the_list_is_searched_by_words_state_and_absence(gest, place):
    f.utilisateur(Profil.TECHNICIEN, place["valbrume"], nom="Éléonore", active_le=None)

    def found(**query: str) -> list[str]:
        return [row["compte"].nom for row in gest.get(url("techniciens"), query).context["lignes"]]

    assert found(q="eleonore") == ["Éléonore"]
    assert found(q="camille durand") == ["Durandfictif"]
    assert found(etat="INVITE") == ["Éléonore"]
    assert found(etat="INACTIF") == []
    assert len(found(etat="n'importe quoi")) == 2
    assert found(vue="absents") == []


def test_the_list_costs_the_same_whatever_its_length(gest, place, django_assert_max_num_queries):
    for _ in range(30):
        f.utilisateur(Profil.TECHNICIEN, place["valbrume"])
    gest.get(url("techniciens"))  # the first page of a session also writes the session
    gest.get(url("techniciens"))  # and the first of a process fills its caches
    with django_assert_max_num_queries(12):
        response = gest.get(url("techniciens"), {"page": "2"})
    assert len(response.context["lignes"]) == 6
    assert "?page=1" in response.context["precedente"]


def test_creating_sends_the_invitation_and_says_the_identifiant(gest, place):
    response = gest.post(url("technicien_creer"), good(), follow=True)
    user = Utilisateur.objects.get(identifiant="zoe.fictive")
    assert response.redirect_chain[-1][0] == url("technicien", user.pk)
    assert "zoe.fictive" in response.content.decode()
    assert user.telephone == "+33381000000"
    assert Courriel.objects.get(evenement="compte_activation").destinataire == user


def test_a_forged_form_gives_no_other_role_and_no_other_structure(gest, place):
    forged = good(
        profil="gestionnaire",
        role="admin_caisse",
        partenaire=place["pontreval"].pk,
        content_object=place["pontreval"].pk,
        is_staff="on",
        is_superuser="on",
        is_active="",
        active_le="2020-01-01",
        password="x",
        user_permissions="1",
    )
    gest.post(url("technicien_creer"), forged)
    user = Utilisateur.objects.get(identifiant="zoe.fictive")
    role = RolePartenaire.objects.get(user=user)
    assert (user.profil, role.permission.codename) == ("technicien", "role_technicien")
    assert role.content_object == place["valbrume"]
    assert (user.is_staff, user.is_superuser, user.is_active, user.active_le) == (False, False, True, None)
    assert not user.has_usable_password()
    assert not user.user_permissions.exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("courriel", "zoe@gmail.com", "semble personnelle"),
        ("courriel", "zoe@sfr.fr", "semble personnelle"),
        ("courriel", "zoe@ailleurs.example", "domaine déclaré"),
        ("telephone", "12", "numéro de téléphone"),
        ("nom", "Z3ro", "que des lettres"),
        ("identifiant", "é!", "Trois caractères"),
        ("attestation_poste", "", "Cochez"),
        ("civilite", "", "Choisissez une réponse"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(gest, place, field, value, words):
    data = good(**{field: value})
    if not value:
        del data[field]
    response = gest.post(url("technicien_creer"), data)
    assert response.status_code == 422
    text = response.content.decode()
    assert words in text
    assert "<title>Erreur" in text
    assert 'value="Travailleuse sociale"' in text
    assert not Utilisateur.objects.filter(prenom="Zoé").exists()


def test_editing_changes_four_fields_only(gest, place):
    tech = place["tech"]
    data = {
        "nom": "Nouvellefictive",
        "fonction": "Cheffe",
        "telephone": "0381000001",
        "courriel": "n@ccas.example",
        "prenom": "Autre",
        "civilite": "M",
        "identifiant": "pris",
        "profil": "gestionnaire",
        "is_active": "",
        "is_staff": "on",
    }
    response = gest.post(url("technicien_modifier", tech.pk), data)
    assert response.status_code == 302
    before = (tech.prenom, tech.civilite, tech.identifiant, tech.profil, True)
    tech.refresh_from_db()
    assert (tech.nom, tech.fonction, tech.courriel_attente) == ("Nouvellefictive", "Cheffe", "n@ccas.example")
    assert (tech.prenom, tech.civilite, tech.identifiant, tech.profil, tech.is_active) == before


def test_state_never_changes_by_get(gest, place):
    for name in ("technicien_renvoyer", "technicien_reactiver"):
        assert gest.get(url(name, place["tech"].pk)).status_code == 405


PAGES = ("technicien", "technicien_modifier", "technicien_inactiver")
ACTS = ("technicien_modifier", "technicien_inactiver", "technicien_renvoyer", "technicien_reactiver")


@pytest.mark.parametrize("who", ["stranger", "peer"])
def test_another_account_is_as_unknown_as_one_that_does_not_exist(gest, place, who):
    before = Utilisateur.objects.filter(pk=place[who].pk).values().get()
    for name in PAGES:
        other = gest.get(url(name, place[who].pk))
        unknown = gest.get(url(name, 999_999))
        assert (other.status_code, unknown.status_code) == (404, 404)
        assert other.content == unknown.content
    for name in ACTS:
        data = {**good(), "motif": "depart_structure"}
        assert gest.post(url(name, place[who].pk), data).status_code == 404
    assert Utilisateur.objects.filter(pk=place[who].pk).values().get() == before


def test_nobody_edits_a_gestionnaire_here_not_even_oneself(gest, place):
    for name in ACTS:
        assert gest.post(url(name, place["gest"].pk), good()).status_code == 404


def test_the_gestionnaires_are_listed_with_the_quota(gest, place):
    text = gest.get(url("gestionnaires")).content.decode()
    assert "2 places de gestionnaire sur 2 utilisées" in text
    assert place["peer"].nom in text
