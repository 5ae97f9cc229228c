"""Conventions and structures in the admin: what opens and closes the portal, at the next request."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts.memberships import membership_of
from caisses.enums import Fonction
from partners.enums import EtatConvention, NatureConvention
from partners.models import Convention, Partenaire, Referent
from portal.audit.models import Evenement
from tests import factories as f
from tests.fixtures.administration import CANARY, Place, admin_url, form_data

pytestmark = pytest.mark.django_db
MODEL = "partners_convention"


@pytest.fixture
def place(made_administration: Callable[[], Place], _scope: None) -> Place:
    return made_administration()


@pytest.fixture
def admin(place: Place) -> Any:
    return place.client(place.admin)


def rows(prefix: str, *values: dict[str, Any]) -> dict[str, Any]:
    """The fields of new rows of an inline."""
    data: dict[str, Any] = {f"{prefix}-TOTAL_FORMS": len(values), f"{prefix}-INITIAL_FORMS": 0}
    for number, row in enumerate(values):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


SIGNED = rows(
    "signataires",
    {"partie": "CAISSE", "nom": "Directrice fictive", "qualite": "Directrice"},
    {"partie": "PARTENAIRE", "nom": "Président fictif", "qualite": "Président"},
)


def new_convention(place: Place, **fields: Any) -> dict[str, Any]:
    data = {
        "partenaire": place.valbrume.pk,
        "nature": NatureConvention.TRIPARTITE,
        "reference": "T-1",
        "duree_mois": 12,
        "reconduction": "TACITE",
        "regime_preavis": "ECHEANCE",
        "mise_en_demeure_jours": 15,
        "mise_en_demeure_depart": "ENVOI",
        **rows("signataires"),
        **rows("referents"),
    }
    return {**data, **fields}


def edit(client: Any, convention: Convention, **fields: Any) -> Any:
    path = admin_url(MODEL, "change", convention.pk)
    return client.post(path, {**form_data(client.get(path)), **fields})


def test_a_convention_is_added_for_ones_own_caisse_whatever_is_posted(place, admin):
    response = admin.post(admin_url(MODEL, "add"), new_convention(place, caisse=place.loire.pk))
    assert response.status_code == 302
    made = Convention.objects.get(reference="T-1")
    assert made.caisse == place.doubs
    event = Evenement.objects.get(objet="convention", objet_id=made.pk)
    assert (event.verbe, event.acteur_id, event.caisse_id) == ("creation", place.admin.pk, place.doubs.pk)


def test_a_structure_one_does_not_follow_cannot_be_chosen(place, admin):
    response = admin.post(admin_url(MODEL, "add"), new_convention(place, partenaire=place.pontreval.pk))
    assert response.status_code == 422
    assert "partenaire" in response.context["adminform"].form.errors
    assert CANARY not in response.content.decode()


def test_a_convention_dutilisation_leans_on_a_metier_of_the_same_pair(place, admin):
    second = f.partenaire(place.doubs)
    f.convention(second, place.doubs)
    foreign = Convention.objects.get(nature="METIER", partenaire=place.pontreval)
    other_pair = Convention.objects.get(nature="METIER", partenaire=second)
    own = Convention.objects.get(nature="METIER", partenaire=place.valbrume)
    utilisation = {"nature": NatureConvention.UTILISATION, "reference": "U-neuve"}

    def refused(**fields: Any) -> str:
        response = admin.post(admin_url(MODEL, "add"), new_convention(place, **utilisation, **fields))
        assert response.status_code == 422, fields
        return " ".join(response.context["adminform"].form.errors.get("adossee_a", []))

    assert "convention métier" in refused()
    assert refused(adossee_a=foreign.pk)
    assert "même structure" in refused(adossee_a=other_pair.pk)
    assert refused(adossee_a=place.convention.pk)
    good = new_convention(place, **utilisation, adossee_a=own.pk, fonctions=[Fonction.SAISINE])
    assert admin.post(admin_url(MODEL, "add"), good).status_code == 302
    assert Convention.objects.get(reference="U-neuve").fonctions == [Fonction.SAISINE]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"fonctions": [Fonction.SAISINE]}, "Seule une convention d"),
        ({"reference": ""}, "Remplissez le champ «\u00a0Référence\u00a0»"),
        ({"nature": "BIDON", "reconduction": "BIDON"}, "choix"),
    ],
)
def test_what_the_database_refuses_is_said_in_french_on_the_form(place, admin, fields, words):
    response = admin.post(admin_url(MODEL, "add"), new_convention(place, **fields))
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Convention.objects.filter(reference="T-1").exists()


def act(client: Any, convention: Convention, name: str, **said: Any) -> Any:
    """Open the page of an act and send it."""
    path = admin_url(MODEL, name, convention.pk)
    page = client.get(path)
    assert page.status_code == 200, page.status_code
    return client.post(path, {"version": page.context["form"]["version"].value(), **said})


def test_a_convention_takes_effect_once_all_have_signed_and_named_a_referent(place, admin):
    add = admin_url(MODEL, "add")
    assert admin.post(add, new_convention(place, nature="METIER_UNION", **SIGNED)).status_code == 302
    made = Convention.objects.get(reference="T-1")
    assert "Il manque un référent" in act(admin, made, "envoyer-en-signature").content.decode()
    for partie in ("CAISSE", "PARTENAIRE"):
        Referent.objects.create(convention=made, partie=partie, nom="Fictif", courriel="r@ccas.example")
    assert act(admin, made, "envoyer-en-signature").status_code == 302
    first, second = made.signataires.all()
    assert act(admin, made, "signer", signataire=first.pk, le="2026-01-05").status_code == 302
    made.refresh_from_db()
    assert (made.etat, made.date_effet) == (EtatConvention.EN_SIGNATURE, None)
    tomorrow = place.doubs.today() + timedelta(days=1)
    refused = act(admin, made, "signer", signataire=second.pk, le=tomorrow.isoformat())
    assert refused.status_code == 422
    assert "ne peut pas être à venir" in refused.content.decode()
    assert act(admin, made, "signer", signataire=second.pk, le="2026-01-06").status_code == 302
    made.refresh_from_db()
    assert made.etat == EtatConvention.ACTIVE
    assert made.date_effet.isoformat() == "2026-01-06"
    assert made.echeance.isoformat() == "2027-01-06"
    acts = list(made.passages.order_by("pk").values_list("acte", "vers"))
    assert acts == [
        ("ETAT", "EN_SIGNATURE"),
        ("SIGNATURE", "EN_SIGNATURE"),
        ("SIGNATURE", "EN_SIGNATURE"),
        ("ETAT", "ACTIVE"),
    ]


def test_ending_a_convention_closes_the_portal_at_the_next_request(place, admin):
    client = place.client(place.gest)
    home = "/espace-partenaire/comptes/"

    def opened() -> bool:
        membership = membership_of(place.tech)
        assert membership
        return place.doubs.pk in membership.caisses_ouvertes

    assert opened()
    assert "Active" in client.get(home).content.decode()
    assert act(admin, place.convention, "suspendre", commentaire="Accès prêtés").status_code == 302
    assert not opened()
    assert "Suspendue" in client.get(home).content.decode()


def test_ending_the_metier_ends_what_leans_on_it(place, admin):
    metier = place.convention.adossee_a
    page = admin.get(admin_url(MODEL, "resilier", metier.pk)).content.decode()
    assert place.convention.reference in page
    yesterday = place.doubs.today() - timedelta(days=1)
    said = {"motif": "ACCORD", "fin": yesterday.isoformat(), "commentaire": "Fusion", "suite": "TERMINER"}
    assert act(admin, metier, "resilier", **said).status_code == 302
    membership = membership_of(place.tech)
    assert membership
    assert membership.caisses_ouvertes == []
    place.convention.refresh_from_db()
    assert (place.convention.etat, place.convention.motif_fin) == (EtatConvention.RESILIEE, "METIER")


def test_a_function_switched_off_is_closed_at_the_next_request(place, admin):
    edit(admin, place.convention, fonctions=[Fonction.CONTACT])
    membership = membership_of(place.tech)
    assert membership
    opened = membership.convention_with(place.doubs.pk)
    assert opened
    assert opened.fonctions_ouvertes == {Fonction.CONTACT}
    event = Evenement.objects.filter(objet="convention", objet_id=place.convention.pk).latest("le")
    assert event.details == {"champs": ["fonctions"]}


def test_a_function_the_caisse_does_not_offer_cannot_be_activated(place, admin):
    place.doubs.fonctions_offertes = [Fonction.CONTACT]
    place.doubs.save()
    response = edit(admin, place.convention, fonctions=[Fonction.CONTACT, Fonction.SAISINE])
    assert response.status_code == 422
    assert "n’offre pas" in response.content.decode()


def test_the_parties_of_a_convention_never_change(place, admin):
    second = f.partenaire(place.doubs)
    edit(admin, place.convention, partenaire=second.pk, caisse=place.loire.pk, nature="TRIPARTITE")
    place.convention.refresh_from_db()
    assert (place.convention.partenaire, place.convention.caisse) == (place.valbrume, place.doubs)
    assert place.convention.nature == NatureConvention.UTILISATION


def test_the_second_of_two_who_edit_at_once_is_told(place, admin):
    path = admin_url(MODEL, "change", place.convention.pk)
    read = form_data(admin.get(path))
    assert edit(admin, place.convention, documents_sortants="on").status_code == 302
    late = admin.post(path, {**read, "reference": "U-tardive"})
    assert late.status_code == 422
    assert "depuis que vous l’avez ouverte" in late.content.decode()
    assert 'value="U-tardive"' in late.content.decode()
    place.convention.refresh_from_db()
    assert place.convention.documents_sortants
    assert place.convention.reference != "U-tardive"


def test_a_convention_is_never_deleted(place, admin):
    assert admin.post(admin_url(MODEL, "delete", place.convention.pk), {"post": "yes"}).status_code == 403


# Structures -------------------------------------------------------------------------------------------


def new_structure(**fields: Any) -> dict[str, Any]:
    data = {
        "raison_sociale": "CCAS Neuf",
        "type": "CCAS",
        "siret": "264 210 295 00020",
        "commune": "Neufville",
        "nombre_membres": 12,
        "domaines_autorises": "@Ville-Neuve.example\nccas-neuf.example, ccas-neuf.example",
    }
    return {**data, **fields}


def test_a_structure_is_declared_by_ones_own_caisse(place, admin):
    data = new_structure(caisse_referente=place.loire.pk, suspendu_le="2026-01-01T00:00")
    assert admin.post(admin_url("partners_partenaire", "add"), data).status_code == 302
    made = Partenaire.objects.get(raison_sociale="CCAS Neuf")
    assert (made.caisse_referente, made.siret, made.suspendu_le) == (place.doubs, "26421029500020", None)
    assert made.domaines_autorises == ["ville-neuve.example", "ccas-neuf.example"]
    assert Evenement.objects.get(objet="partenaire", objet_id=made.pk).partenaire_id == made.pk


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("siret", "26421029500021", "un chiffre est faux"),
        ("siret", "123", "14 chiffres"),
        ("nombre_membres", "0", "supérieure ou égale"),
        ("domaines_autorises", "pas un domaine", "nom de domaine"),
    ],
)
def test_a_structure_is_checked(place, admin, field, value, words):
    response = admin.post(admin_url("partners_partenaire", "add"), new_structure(**{field: value}))
    assert response.status_code == 422
    assert words in response.content.decode()


def test_a_siret_known_to_another_caisse_is_refused_without_showing_it(place, admin):
    response = admin.post(admin_url("partners_partenaire", "add"), new_structure(siret=place.pontreval.siret))
    assert response.status_code == 422
    text = response.content.decode()
    assert "porte déjà ce SIRET" in text
    assert CANARY not in text


def test_the_quota_is_shown_beside_the_members(place, admin):
    text = admin.get(admin_url("partners_partenaire")).content.decode()
    assert "1 sur 2 utilisé" in text
    page = admin.get(admin_url("partners_partenaire", "change", place.valbrume.pk)).content.decode()
    assert "1 sur 2 utilisé" in page
    empty = f.convention(f.partenaire(place.doubs, nombre_membres=30), place.doubs).partenaire
    page = admin.get(admin_url("partners_partenaire", "change", empty.pk)).content.decode()
    assert "0 sur 5 utilisé" in page
    assert "gestionnaire à désigner" in page


def test_the_lists_cost_the_same_whatever_their_length(place, admin, django_assert_max_num_queries):
    for _ in range(6):
        f.convention(f.partenaire(place.doubs), place.doubs)
    for model in (MODEL, "partners_partenaire", "accounts_comptepartenaire"):
        with django_assert_max_num_queries(14):
            assert admin.get(admin_url(model)).status_code == 200
