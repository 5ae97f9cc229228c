"""Accounts in the admin: habilitation within the quota, four fields, inactivation, security cut."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.enums import Profil
from accounts.models import RoleCaisse, RolePartenaire, Utilisateur
from portal.audit.models import Evenement
from portal.courriels.models import Courriel
from tests import factories as f
from tests.conftest import StrangerClient
from tests.fixtures.administration import CANARY, Place, admin_url, form_data
from tests.fixtures.signing_in import sign_in

pytestmark = pytest.mark.django_db
STRUCTURES, CAISSES = "accounts_comptepartenaire", "accounts_comptecaisse"


@pytest.fixture
def place(made_administration: Callable[[], Place], _scope: None) -> Place:
    return made_administration()


@pytest.fixture
def admin(place: Place) -> Any:
    return place.client(place.admin)


def person(**fields: Any) -> dict[str, Any]:
    data = {
        "civilite": "MME",
        "nom": "Fictive",
        "prenom": "Zoé",
        "fonction": "Directrice",
        "telephone": "03 81 00 00 00",
        "courriel": "zoe@ccas.example",
    }
    return {**data, **fields}


def test_a_gestionnaire_is_habilitated_within_the_quota(place, admin):
    add = admin_url(STRUCTURES, "add")
    response = admin.post(add, person(structure=place.valbrume.pk), follow=True)
    assert "son identifiant est zoe.fictive" in response.content.decode()
    user = Utilisateur.objects.get(identifiant="zoe.fictive")
    assert RolePartenaire.objects.get(user=user).permission.codename == "role_gestionnaire"
    assert Courriel.objects.get(evenement="compte_activation").destinataire == user
    assert Evenement.objects.filter(objet="compte", objet_id=user.pk, caisse_id=place.doubs.pk).count() == 2
    third = admin.post(add, person(structure=place.valbrume.pk, courriel="trop@ccas.example"))
    assert third.status_code == 422
    text = third.content.decode()
    assert "Le nombre maximal de gestionnaires (2) est atteint pour une structure de 8 membres." in text
    assert 'value="trop@ccas.example"' in text
    assert not Utilisateur.objects.filter(courriel="trop@ccas.example").exists()


def test_a_structure_of_another_caisse_cannot_be_chosen(place, admin):
    response = admin.post(admin_url(STRUCTURES, "add"), person(structure=place.pontreval.pk))
    assert response.status_code == 422
    assert CANARY not in response.content.decode()
    assert not Utilisateur.objects.filter(prenom="Zoé").exists()


def test_forged_fields_give_nothing(place, admin):
    forged = person(
        structure=place.valbrume.pk,
        profil="admin_caisse",
        is_staff="on",
        is_superuser="on",
        is_active="",
        password="x",
        user_permissions="1",
        active_le="2020-01-01",
    )
    admin.post(admin_url(STRUCTURES, "add"), forged)
    user = Utilisateur.objects.get(identifiant="zoe.fictive")
    assert (user.profil, user.is_staff, user.is_superuser, user.is_active) == (
        "gestionnaire",
        False,
        False,
        True,
    )
    assert user.active_le is None
    assert not user.has_usable_password()
    assert not user.user_permissions.exists()
    assert not RoleCaisse.objects.filter(user=user).exists()


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"courriel": "zoe@gmail.com"}, 422),
        ({"courriel": "zoe@gmail.com", "derogation": "on"}, 302),
        ({"telephone": "12"}, 422),
        ({"nom": "Z3ro"}, 422),
        ({"identifiant": "X"}, 422),
    ],
)
def test_the_form_is_checked(place, admin, fields, status):
    data = person(structure=place.valbrume.pk, **fields)
    assert admin.post(admin_url(STRUCTURES, "add"), data).status_code == status


def test_a_gestionnaire_changes_by_the_caisse_in_four_fields_only(place, admin):
    path = admin_url(STRUCTURES, "change", place.gest.pk)
    before = (place.gest.prenom, place.gest.identifiant, place.gest.profil)
    data = {
        **form_data(admin.get(path)),
        "nom": "Nouvellefictive",
        "fonction": "Directeur",
        "telephone": "0381000002",
        "prenom": "Autre",
        "identifiant": "autre.nom",
        "profil": "admin_caisse",
        "structure": place.pontreval.pk,
        "is_active": "",
    }
    refused = admin.post(path, data)
    assert refused.status_code == 422  # at the structure's request only (art. 2.2.2)
    assert "à la demande de sa structure" in str(refused.context["adminform"].form.errors["demande_le"])
    data |= {"demande_le": "2026-01-05", "demande_par": ""}
    assert admin.post(path, data).status_code == 422
    assert Utilisateur.objects.get(pk=place.gest.pk).nom != "Nouvellefictive"
    assert admin.post(path, data | {"demande_par": "COURRIER"}).status_code == 302
    user = Utilisateur.objects.get(pk=place.gest.pk)
    assert (user.nom, user.fonction, user.telephone) == ("Nouvellefictive", "Directeur", "+33381000002")
    assert (user.prenom, user.identifiant, user.profil) == before
    assert user.is_active
    act = Evenement.objects.get(objet="compte", objet_id=user.pk, details__acte="modification")
    assert act.details["champs"] == ["nom", "fonction", "telephone"]
    assert act.details["demande"] == "Courrier, le 05/01/2026"
    assert "Courrier, le 05/01/2026" in admin.get(admin_url(STRUCTURES, "history", user.pk)).content.decode()
    assert Courriel.objects.filter(evenement="compte_modifie").count() == 1


def test_a_technicien_is_read_and_may_only_be_cut(place, admin):
    path = admin_url(STRUCTURES, "change", place.tech.pk)
    page = admin.get(path).content.decode()
    assert 'name="_save"' not in page
    assert "Couper l" in page
    assert "/inactiver/" not in page
    assert admin.post(path, person()).status_code == 403
    inactivate = admin_url(STRUCTURES, "inactiver", place.tech.pk)
    assert admin.post(inactivate, {"motif": "depart_structure"}).status_code == 403


def test_inactivation_has_a_page_a_reason_and_never_takes_the_last_one(place, admin):
    path = admin_url(STRUCTURES, "inactiver", place.gest.pk)
    page = admin.get(path)
    assert "Ce qui va se passer" in page.content.decode()
    assert admin.post(path, {}).status_code == 422
    refused = admin.post(path, {"motif": "depart_structure"})
    assert refused.status_code == 422
    assert "seul gestionnaire actif. Habilitez d’abord un remplaçant." in refused.content.decode()
    f.utilisateur(Profil.GESTIONNAIRE, place.valbrume)
    assert admin.post(path, {"motif": "depart_structure"}).status_code == 302
    place.gest.refresh_from_db()
    assert not place.gest.is_active
    back = admin_url(STRUCTURES, "reactiver", place.gest.pk)
    assert admin.post(back).status_code == 302
    place.gest.refresh_from_db()
    assert place.gest.is_active


def test_a_security_cut_goes_through_and_asks_for_a_new_gestionnaire(place, admin):
    session = sign_in(StrangerClient(), place.gest)
    assert session.get("/espace-partenaire/comptes/").status_code == 200
    path = admin_url(STRUCTURES, "couper", place.gest.pk)
    assert admin.post(path, {"motif": "depart_structure"}).status_code == 422
    assert admin.post(path, {"motif": "vol_perte_identifiants"}).status_code == 302
    assert session.get("/espace-partenaire/comptes/").status_code == 302
    home = admin.get("/admin/").content.decode()
    assert "Désigner un gestionnaire\u00a0: CCAS de Valbrume" in home
    assert CANARY not in home
    shown = admin.get(admin_url("partners_partenaire"), {"gestionnaires": "aucun"}).content.decode()
    assert "gestionnaire à désigner" in shown


def test_a_whole_structure_is_cut_and_restored(place, admin):
    from accounts.memberships import membership_of

    cut = admin_url("partners_partenaire", "couper", place.valbrume.pk)
    assert "Toutes les caisses" in admin.get(cut).content.decode()
    assert admin.post(cut, {"motif": "usage_non_conforme"}).status_code == 302
    membership = membership_of(place.tech)
    assert membership
    assert membership.caisses_ouvertes == []
    assert "Coupé le" in admin.get(admin_url("partners_partenaire")).content.decode()
    assert admin.post(admin_url("partners_partenaire", "retablir", place.valbrume.pk)).status_code == 302
    event = Evenement.objects.filter(objet="partenaire", details__acte="coupure").get()
    assert (event.caisse_id, event.details["motif"]) == (place.doubs.pk, "usage_non_conforme")


def test_an_invitation_is_sent_again(place, admin):
    waiting = f.utilisateur(Profil.GESTIONNAIRE, place.valbrume, active_le=None)
    assert admin.post(admin_url(STRUCTURES, "inviter", waiting.pk)).status_code == 302
    assert Courriel.objects.get(evenement="compte_activation").destinataire == waiting


def test_the_caisse_opens_its_own_accounts_and_no_others(place, admin):
    data = person(profil="conseiller_mas", caisse=place.loire.pk, courriel="c@cpam-251.example")
    assert admin.post(admin_url(CAISSES, "add"), data).status_code == 302
    user = Utilisateur.objects.get(identifiant="zoe.fictive")
    role = RoleCaisse.objects.get(user=user)
    assert (role.content_object, role.permission.codename) == (place.doubs, "role_conseiller_mas")
    for profil in ("national", "gestionnaire", "technicien", ""):
        assert admin.post(admin_url(CAISSES, "add"), {**data, "profil": profil}).status_code == 422


def test_an_account_of_the_caisse_changes_in_four_fields_only(place, admin):
    path = admin_url(CAISSES, "change", place.agent.pk)
    forged = {"profil": "admin_caisse", "caisse": place.loire.pk, "prenom": "Autre"}
    data = {**form_data(admin.get(path)), "telephone": "0381000002", "fonction": "Cheffe", **forged}
    assert admin.post(path, data).status_code == 302
    user = Utilisateur.objects.get(pk=place.agent.pk)
    assert (user.fonction, user.profil, user.prenom) == ("Cheffe", "agent", place.agent.prenom)
    assert RoleCaisse.objects.get(user=user).content_object == place.doubs


def test_an_account_of_the_caisse_is_inactivated_but_not_ones_own(place, admin):
    assert (
        admin.post(admin_url(CAISSES, "inactiver", place.agent.pk), {"motif": "depart_structure"}).status_code
        == 302
    )
    place.agent.refresh_from_db()
    assert not place.agent.is_active
    # Nothing of it changes until it is reactivated.
    path = admin_url(CAISSES, "change", place.agent.pk)
    page = admin.get(path).text
    assert ("Réactiver le compte" in page, 'name="_save"' in page) == (True, False)
    assert admin.post(path, {"fonction": "Cheffe"}).status_code == 403
    for act in ("inactiver", "couper"):
        path = admin_url(CAISSES, act, place.admin.pk)
        assert admin.post(path, {"motif": "usage_frauduleux"}).status_code == 403


def test_the_national_administrator_reads_structures_accounts_and_opens_caisse_ones(place):
    national = place.client(place.national)
    assert national.get(admin_url(STRUCTURES)).status_code == 200
    assert national.get(admin_url(STRUCTURES, "add")).status_code == 403
    assert (
        national.post(
            admin_url(STRUCTURES, "couper", place.gest.pk), {"motif": "usage_frauduleux"}
        ).status_code
        == 403
    )
    assert national.post(admin_url("partners_partenaire", "couper", place.valbrume.pk), {}).status_code == 403
    data = person(profil="admin_caisse", caisse=place.loire.pk, courriel="a@cpam-422.example")
    assert national.post(admin_url(CAISSES, "add"), data).status_code == 302
    assert RoleCaisse.objects.get(user__identifiant="zoe.fictive").content_object == place.loire


def test_the_history_of_an_account_is_the_journals(place, admin):
    f.utilisateur(Profil.GESTIONNAIRE, place.valbrume)
    admin.post(admin_url(STRUCTURES, "inactiver", place.gest.pk), {"motif": "depart_structure"})
    text = admin.get(admin_url(STRUCTURES, "history", place.gest.pk)).content.decode()
    assert "inactivation" in text
    assert place.admin.identifiant in text
