"""What people type about themselves and their structure."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from portal.departements import DEPARTEMENTS, ETRANGER, SANS_DOMICILE_STABLE, departement_choices
from portal.validators import (
    check_professional_email,
    is_personal_domain,
    normalise_domain,
    normalise_person_name,
    normalise_phone,
    normalise_siret,
    personal_domains,
    validate_person_name,
    validate_phone,
    validate_siret,
)


def code_of(call, *args, **kwargs):
    with pytest.raises(ValidationError) as caught:
        call(*args, **kwargs)
    return caught.value.code


# --- SIRET


@pytest.mark.parametrize(
    "text", ["26421029500020", "264 210 295 00020", "732.829.320.00074", "35600000049837", "35600000000048"]
)
def test_right_siret(text):
    assert normalise_siret(text) == "".join(filter(str.isdigit, text))
    validate_siret(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("73282932000079", "siret_cle"),
        ("35600000049838", "siret_cle"),
        ("7328293200007", "siret_format"),
        ("", "siret_format"),
        ("2642102950002A", "siret_format"),
        ("264210295000201", "siret_format"),
    ],
)
def test_wrong_siret(text, code):
    assert code_of(normalise_siret, text) == code


# --- telephone


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("03 81 00 00 00", "+33381000000"),
        ("06.39.98.12.34", "+33639981234"),
        ("+33 (0)6 12 34 56 78", "+33612345678"),
        ("0033612345678", "+33612345678"),
        ("０３８１００００００", "+33381000000"),
        ("0590 12 34 56", "+590590123456"),
        ("0690 35 12 34", "+590690351234"),
        ("0594 25 12 34", "+594594251234"),
        ("0696 30 12 34", "+596696301234"),
        ("0262 12 34 56", "+262262123456"),
        ("0639 12 34 56", "+262639123456"),
        ("+262 692 12 34 56", "+262692123456"),
        ("+508 41 23 84", "+508412384"),
    ],
)
def test_french_and_overseas_numbers(text, stored):
    assert normalise_phone(text) == stored
    validate_phone(text)


@pytest.mark.parametrize(
    "text",
    ["", "3646", "112", "15", "038100000", "03810000000", "0012", "06 12 34 56 78 poste 12", "abc", "0" * 60],
)
@pytest.mark.parametrize("allow_foreign", [False, True])
def test_refused_numbers(text, allow_foreign):
    assert code_of(normalise_phone, text, allow_foreign=allow_foreign) == "telephone"


def test_a_foreign_number_is_for_helped_persons_only():
    assert code_of(normalise_phone, "+41 22 343 80 14") == "telephone"
    assert normalise_phone("+41 22 343 80 14", allow_foreign=True) == "+41223438014"
    assert code_of(normalise_phone, "+41 22", allow_foreign=True) == "telephone"


@given(st.text(max_size=60))
def test_any_other_text_is_refused_or_stored_as_e164(text):
    try:
        stored = normalise_phone(text, allow_foreign=True)
    except ValidationError:
        return
    assert stored.startswith("+")
    assert stored[1:].isascii()
    assert stored[1:].isdigit()
    assert 7 <= len(stored) <= 16
    assert normalise_phone(stored, allow_foreign=True) == stored


# --- names


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("  Le  Goff ", "Le Goff"),
        ("N’Diaye", "N'Diaye"),
        ("Jean‑Noël", "Jean-Noël"),
        ("Ze\u0301lie", "Zélie"),
        ("Ñuñez", "Ñuñez"),
        ("Đặng Thị", "Đặng Thị"),
        ("Иванова", "Иванова"),
        ("O", "O"),
    ],
)
def test_names(text, stored):
    assert normalise_person_name(text) == stored
    validate_person_name(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "nom_longueur"),
        ("   ", "nom_longueur"),
        ("x" * 101, "nom_longueur"),
        ("Dupont 2", "nom_caracteres"),
        ("<b>", "nom_caracteres"),
        ("a@b", "nom_caracteres"),
        ("-", "nom_caracteres"),
        ("Dupont\u202e", "nom_caracteres"),
        ("1850578006048", "nom_caracteres"),
    ],
)
def test_refused_names(text, code):
    assert code_of(normalise_person_name, text) == code


@given(st.text(max_size=120))
def test_a_stored_name_is_stable(text):
    try:
        stored = normalise_person_name(text)
    except ValidationError:
        return
    assert normalise_person_name(stored) == stored


# --- départements


def test_departements():
    metropole = [f"{number:02d}" for number in range(1, 96) if number != 20]
    metropole[19:19] = ["2A", "2B"]
    expected = [*metropole, *(str(code) for code in range(971, 979)), SANS_DOMICILE_STABLE, ETRANGER]
    assert list(DEPARTEMENTS) == expected
    assert len(set(DEPARTEMENTS.values())) == len(DEPARTEMENTS)


def test_departement_choices_are_worded():
    choices = dict(departement_choices())
    assert (choices["25"], choices["2A"], choices["974"]) == (
        "25 – Doubs",
        "2A – Corse-du-Sud",
        "974 – La Réunion",
    )
    assert (choices[ETRANGER], choices[SANS_DOMICILE_STABLE]) == ("À l’étranger", "Sans domicile stable")


# --- mail addresses

DOMAINS = ["ville-valbrume.fr", "@Agglo-Valbrume.FR"]


@pytest.mark.parametrize(
    ("address", "stored"),
    [
        ("Prenom.Nom@Ville-Valbrume.fr", "prenom.nom@ville-valbrume.fr"),
        (" accueil@agglo-valbrume.fr ", "accueil@agglo-valbrume.fr"),
    ],
)
def test_an_address_of_the_structure(address, stored):
    assert check_professional_email(address, DOMAINS) == stored


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("", "adresse"),
        ("ville-valbrume.fr", "adresse"),
        ("a b@ville-valbrume.fr", "adresse"),
        ("a@b@ville-valbrume.fr", "adresse"),
        ("x@ville-valbrume", "adresse"),
        ("x\n@ville-valbrume.fr", "adresse"),
        ("x" * 250 + "@ville-valbrume.fr", "adresse"),
        ("x@gmail.com", "personnelle"),
        ("x@SFR.fr", "personnelle"),
        ("x@pro.orange.fr", "personnelle"),
        ("x@ccas.ville-valbrume.fr", "domaine"),
        ("x@ville-valbrume.fr.exemple.com", "domaine"),
        ("x@evil-ville-valbrume.fr", "domaine"),
    ],
)
def test_refused_addresses(address, code):
    assert code_of(check_professional_email, address, DOMAINS) == code


def test_a_personal_domain_stays_refused_when_someone_listed_it():
    assert code_of(check_professional_email, "x@orange.fr", ["orange.fr"]) == "personnelle"


def test_the_caisse_may_accept_one_address():
    assert (
        check_professional_email("CCAS.Valbrume@orange.fr", DOMAINS, derogation=True)
        == "ccas.valbrume@orange.fr"
    )


def test_an_accented_domain_is_one_domain():
    assert normalise_domain("Mairie-Été.fr") == "xn--mairie-t-h1ab.fr"
    assert check_professional_email("a@mairie-été.fr", ["xn--mairie-t-h1ab.fr"]) == "a@xn--mairie-t-h1ab.fr"


@pytest.mark.parametrize(
    "text", ["", "fr", "a b.fr", "-a.fr", "a..fr", "*.fr", "x" * 64 + ".fr", "\ud800.fr"]
)
def test_what_is_no_domain(text):
    assert code_of(normalise_domain, text) == "domaine"


@pytest.mark.parametrize(
    "domain",
    [
        *("gmail.com", "orange.fr", "wanadoo.fr", "free.fr", "laposte.net", "sfr.fr", "bbox.fr", "neuf.fr"),
        *(
            "numericable.fr",
            "aliceadsl.fr",
            "club-internet.fr",
            "gmx.fr",
            "voila.fr",
            "proton.me",
            "yopmail.com",
        ),
    ],
)
def test_personal_domains(domain):
    assert is_personal_domain(domain)


def test_the_list_of_personal_domains_is_clean():
    assert all(normalise_domain(domain) == domain for domain in personal_domains())
    assert not any(is_personal_domain(domain) for domain in ("ccas.fr", "ameli.fr", "assurance-maladie.fr"))
