"""Conventions made in the admin: from a model, with a union's members, with a third party; their file by acts."""

from collections.abc import Callable
from typing import Any

import pytest

from caisses.enums import Fonction
from partners.enums import EtatConvention, NatureConvention, Partie
from partners.models import Convention, MembreUnion, ModeleConvention, Referent, Signataire
from partners.reference_data import load_models, shipped
from partners.texts import WrongText, read_text
from portal.reference_data import load_all
from tests import factories as f
from tests.fixtures.administration import Place, admin_url, build, form_data
from tests.fixtures.shelf import Shelf
from tests.partners.test_admin_conventions import act, edit, rows

pytestmark = pytest.mark.django_db
MODEL = "partners_convention"


def with_models() -> Place:
    made = build()
    load_models()
    return made


@pytest.fixture
def made_place(shelf: Shelf) -> Callable[[], Place]:
    return shelf.made(with_models)


@pytest.fixture
def place(made_place: Callable[[], Place], _scope: None) -> Place:
    return made_place()


@pytest.fixture
def admin(place: Place) -> Any:
    return place.client(place.admin)


def add(client: Any, code: str, **fields: Any) -> Any:
    """Choose a model, and send the form as the page gives it, with `fields`."""
    path = admin_url(MODEL, "add")
    modele = ModeleConvention.objects.get(code=code)
    assert modele in client.get(path).context["modeles"]
    read = form_data(client.get(path, {"modele": modele.pk}))
    return client.post(path, {**read, **rows("signataires"), **rows("referents"), **fields})


def test_a_convention_takes_the_rules_and_the_text_of_its_model_which_are_then_its_own(place, admin):
    assert (
        add(
            admin, "metier-ccas-dossiers", partenaire=f.partenaire(place.doubs).pk, reference="M-9"
        ).status_code
        == 302
    )
    made = Convention.objects.get(reference="M-9")
    assert (made.nature, made.regime_preavis, made.preavis_mois) == ("METIER", "ECHEANCE", 3)
    assert (made.mise_en_demeure_jours, made.evaluation_requise) == (15, False)
    text = made.redaction
    assert (text.comite, text.comite_mois) == ("Comité de suivi", 12)
    assert "# Article 9" in text.texte
    ModeleConvention.objects.update(texte="# Article 1\n\nAutre.")
    edit(admin, made, **{"redaction-0-texte": "# Article 1\n\nLocal, avec {structure}."})
    text.refresh_from_db()
    assert text.texte == "# Article 1\n\nLocal, avec {structure}."


def test_another_nature_than_the_models_is_refused_and_so_is_a_variable_nobody_knows(place, admin):
    refused = add(admin, "tripartite-siao", partenaire=place.valbrume.pk, reference="T-9", nature="METIER")
    assert refused.status_code == 422
    assert "convention tripartite" in refused.content.decode()
    assert not Convention.objects.filter(reference="T-9").exists()
    for wrong in ("{inconnue}", "[inconnu]"):
        with pytest.raises(WrongText):
            read_text(wrong, {})


def test_the_rules_of_a_signed_text_change_by_avenant_only(place, admin):
    edit(admin, place.convention, mise_en_demeure_jours=3, regime_preavis="TOUT_MOMENT")
    place.convention.refresh_from_db()
    assert (place.convention.mise_en_demeure_jours, place.convention.regime_preavis) == (15, "ECHEANCE")
    for partie in (Partie.CAISSE, Partie.PARTENAIRE):
        Signataire.objects.create(convention=place.convention, partie=partie, nom="Fictif", qualite="Fictive")
    page = admin.get(admin_url(MODEL, "rediger-avenant", place.convention.pk)).context["form"]
    said = {name: page[name].value() for name in page.fields if page[name].value() not in (None, False)}
    path = admin_url(MODEL, "rediger-avenant", place.convention.pk)
    assert admin.post(path, {**said, "objet": "Délai", "mise_en_demeure_jours": 20}).status_code == 302
    for signature in place.convention.avenants.get().signatures.all():
        done = act(admin, place.convention, "signer-avenant", signature=signature.pk, le="2026-01-05")
        assert done.status_code == 302
    place.convention.refresh_from_db()
    assert place.convention.mise_en_demeure_jours == 20
    assert set(place.convention.fonctions) == set(Fonction)


def test_a_third_party_signs_names_its_organisme_and_has_its_referent(place, admin):
    parties = [
        {"partie": "CAISSE", "nom": "Directrice", "qualite": "Directrice"},
        {"partie": "PARTENAIRE", "nom": "Président", "qualite": "Président"},
        {"partie": "TIERS", "nom": "Directeur", "qualite": "Directeur"},
    ]
    known = [{"partie": row["partie"], "nom": "Fictif", "courriel": "r@x.example"} for row in parties]
    said = {**rows("signataires", *parties), **rows("referents", *known[:2])}
    assert (
        add(admin, "tripartite-siao", partenaire=place.valbrume.pk, reference="T-1", **said).status_code
        == 302
    )
    made = Convention.objects.get(reference="T-1")
    assert "tiers signataire" in act(admin, made, "envoyer-en-signature").content.decode()
    Referent.objects.create(convention=made, **known[2])
    assert "organisme du tiers" in act(admin, made, "envoyer-en-signature").content.decode()
    made.signataires.filter(partie="TIERS").update(organisme="Caf fictive")
    assert act(admin, made, "envoyer-en-signature").status_code == 302
    for row in made.signataires.all():
        assert act(admin, made, "signer", signataire=row.pk, le="2026-01-05").status_code == 302
    made.refresh_from_db()
    assert (made.etat, made.fonctions) == (EtatConvention.ACTIVE, [])
    edit(admin, made, fonctions=[Fonction.SAISINE])
    made.refresh_from_db()
    assert made.fonctions == []


def test_a_member_whose_level_drops_loses_the_dossiers(place, admin):
    union = Convention.objects.create(
        reference="UN-1",
        nature=NatureConvention.METIER_UNION,
        caisse=place.doubs,
        partenaire=f.partenaire(place.doubs),
        etat=EtatConvention.ACTIVE,
        date_effet="2026-01-05",
    )
    member = f.partenaire(place.doubs, raison_sociale="CCAS Membre")
    line = {"nom": "CCAS Membre", "niveau": 3, "partenaire": member.pk}
    assert edit(admin, union, **rows("membres", line)).status_code == 302
    made = Convention.objects.create(
        reference="U-1",
        nature=NatureConvention.UTILISATION,
        caisse=place.doubs,
        partenaire=member,
        adossee_a=union,
        etat=EtatConvention.ACTIVE,
        date_effet="2026-01-05",
        fonctions=[Fonction.SAISINE, Fonction.DOSSIER],
    )
    assert edit(admin, union, **{"membres-0-niveau": 2}).status_code == 302
    made.refresh_from_db()
    assert made.fonctions == [Fonction.SAISINE]
    assert MembreUnion.objects.get().union_id == union.partenaire_id


def test_the_models_are_read_whole_once_and_name_nobody(place):
    assert load_all()["modeles_conventions"] == 0
    for entry in shipped():
        text = f"{entry['texte']}{entry['annexes']}"
        assert read_text(text, {})
        assert "@" not in text
        assert "Monsieur" not in text
        assert "Madame" not in text
