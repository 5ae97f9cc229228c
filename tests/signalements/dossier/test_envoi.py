"""What a dossier needs before it leaves: its type, its pièces, its household, where it exists."""

from datetime import date, timedelta

import pytest
from django.test import Client

from portal.errors import DomainError
from signalements.enums import Statut
from signalements.kinds.dossier.conseils import advise
from signalements.kinds.dossier.enums import TypeDossier
from signalements.kinds.dossier.models import Dossier, Membre, Periode
from signalements.kinds.dossier.queries import add_months, months_before, regles_of
from signalements.kinds.registry import steps_of
from signalements.kinds.steps import IncompleteDraft
from signalements.models import Demande, Doublon
from signalements.operations.sending import undo_sending
from tests.fixtures.signing_in import sign_in
from tests.signalements.dossier.conftest import membre, situation
from tests.signalements.partner.conftest import personne

pytestmark = pytest.mark.django_db


def refusal(monde, demande):
    """Why a draft is not sent; it stays a draft."""
    with pytest.raises(DomainError) as caught:
        monde.send(demande)
    assert Demande.objects.get(pk=demande.pk).statut == Statut.BROUILLON
    return caught.value


def test_a_dossier_sent_has_its_pieces_its_count_and_its_first_period(monde):
    demande = monde.sent()
    assert (demande.dossier.type, demande.dossier.nature) == ("CSS", "PREMIERE")
    assert demande.dossier.formulaire_complet
    assert (demande.pieces_presentes, demande.pieces_attendues) == (2, 2)


def test_the_last_good_day_is_day_29(monde):
    demande = monde.sent()
    today = monde.caisse.today()
    periode = Periode.objects.get(demande=demande)
    assert demande.echeance == periode.echeance == today + timedelta(days=29)
    assert (periode.rang, periode.recue_le, periode.close_le) == (1, today, None)


@pytest.mark.parametrize(
    ("droit", "nature", "expected"),
    [
        ("CSS", "RENOUVELLEMENT", TypeDossier.CSS),
        ("PUMA", "PREMIERE", TypeDossier.PUMA),
        ("AME", "RENOUVELLEMENT", TypeDossier.AME_RENOUVELLEMENT),
    ],
)
def test_each_type_is_sent_with_its_own_pieces(monde, droit, nature, expected):
    assert monde.sent(droit, nature).dossier.type == expected


def test_a_required_piece_blocks_unless_its_absence_is_explained_where_allowed(monde):
    demande = monde.draft(pieces=("FORMULAIRE_CSS",))
    assert isinstance(refusal(monde, demande), IncompleteDraft)
    monde.save(demande, "pieces", {"formulaire_complet": "on", "etat_AVIS_FISCAL": "M:PERDUE"})
    sent = monde.send(demande)
    assert (sent.pieces_presentes, sent.pieces_attendues) == (1, 2)
    assert monde.pieces(sent)["AVIS_FISCAL"].raison.code == "PERDUE"


def test_the_signed_form_cannot_be_missing_nor_incomplete(monde):
    without = monde.draft(pieces=("AVIS_FISCAL",), liste={"etat_FORMULAIRE_CSS": "M:PERDUE"})
    assert isinstance(refusal(monde, without), IncompleteDraft)
    unsigned = monde.draft(liste={})
    assert isinstance(refusal(monde, unsigned), IncompleteDraft)


def test_what_does_not_concern_the_person_does_not_count(monde):
    said = {"formulaire_complet": "on", "etat_FISCAL_ETRANGER": "N:DEJA_CONNUE"}
    demande = monde.draft(situation=situation(droit="CSS", nature="PREMIERE", situations=["VECU_ETRANGER"]))
    assert isinstance(refusal(monde, demande), IncompleteDraft)
    monde.save(demande, "pieces", said)
    sent = monde.send(demande)
    assert (sent.pieces_presentes, sent.pieces_attendues) == (2, 2)
    assert monde.pieces(sent)["FISCAL_ETRANGER"].etat == "NON_CONCERNEE"


def test_the_situation_and_the_household_choose_the_pieces(monde):
    def expected(droit="CSS", **steps):
        demande = monde.draft(droit, **steps)
        return {kind.code for kind in steps_of(Demande.objects.get(pk=demande.pk)).pieces()}

    alone = expected()
    assert "FISCAL_ETRANGER" not in alone
    assert "COMPOSITION_FOYER" not in alone
    assert "COMPOSITION_FOYER" in expected(foyer=membre())
    worker = situation(droit="PUMA", nature="PREMIERE", situations=["ACTIVITE", "NE_ETRANGER"])
    pieces = expected("PUMA", situation=worker)
    assert {"PREUVE_ACTIVITE", "ACTE_NAISSANCE"} <= pieces
    assert "RESIDENCE_TROIS_MOIS" not in pieces


def test_an_unknown_piece_code_or_reason_is_refused_and_kept(monde):
    demande = monde.draft(pieces=("FORMULAIRE_CSS",))
    said = {"formulaire_complet": "on", "etat_INCONNUE": "M:PERDUE", "etat_AVIS_FISCAL": "M:INVENTEE"}
    monde.save(demande, "pieces", said)
    assert isinstance(refusal(monde, demande), IncompleteDraft)


def test_a_member_without_a_birth_date_is_refused(monde):
    demande = monde.draft(foyer=membre(naissance=None))
    error = refusal(monde, demande)
    assert isinstance(error, IncompleteDraft)
    assert error.etape == "foyer"


def test_a_household_is_kept_for_css_and_ame_only(monde):
    sent = monde.sent(
        foyer=membre(), liste={"formulaire_complet": "on", "etat_COMPOSITION_FOYER": "N:DEJA_CONNUE"}
    )
    assert [(m.prenom, m.lien, m.a_charge) for m in Membre.objects.filter(demande=sent)] == [
        ("Camille", "ENFANT", True)
    ]
    assert not Membre.objects.filter(
        demande=monde.sent("PUMA", foyer=membre(), personne=personne(prenom="Louise"))
    ).exists()


# --- First AME requests


def test_a_first_ame_request_is_prepared_never_sent(monde):
    error = refusal(monde, monde.draft("AME"))
    assert error.code == "ame_premiere"


def test_an_exception_sends_it_with_its_proof_only(monde):
    said = situation(droit="AME", nature="PREMIERE", exception="MINEUR_ISOLE")
    without = monde.draft("AME", situation=said)
    assert refusal(monde, without).code == "ame_premiere_preuve"
    pieces = ("FORMULAIRE_AME", "IDENTITE_AME", "RESIDENCE_TROIS_MOIS", "RESSOURCES_DOUZE_MOIS", "PHOTO_AME")
    demande = monde.sent("AME", situation=said, pieces=(*pieces, "PREUVE_EXCEPTION_AME"))
    assert (demande.dossier.type, demande.dossier.exception) == ("AME_PREMIERE", "MINEUR_ISOLE")


def test_a_caisse_may_take_them(monde):
    monde.caisse.ame_premiere_transmissible = True
    monde.caisse.save()
    assert monde.sent("AME").dossier.type == TypeDossier.AME_PREMIERE


# --- Where it exists


@pytest.mark.parametrize("droit", ["CSS", "AME"])
def test_neither_css_nor_ame_exists_in_mayotte(monde, droit):
    monde.caisse.departements = ["976"]
    monde.caisse.save()
    demande = monde.draft(droit, "RENOUVELLEMENT")
    assert isinstance(refusal(monde, demande), IncompleteDraft)
    form = steps_of(Demande.objects.get(pk=demande.pk)).judged("situation")
    assert "Mayotte" in form.errors["droit"][0]


def test_nor_for_a_person_who_lives_there(monde):
    demande = monde.draft(personne=personne(departement="976"))
    assert refusal(monde, demande).code == "hors_champ"


# --- Advice


def advice(monde, type_dossier, **said):
    defaults = {"nature": "PREMIERE", "fin_droits": None, "situations": [], "membres": []}
    regle = regles_of(monde.caisse)[type_dossier]
    today = monde.caisse.today()
    found = advise(type_dossier=type_dossier, regle=regle, today=today, **{**defaults, **said})
    return [(one.titre, one.ton) for one in found]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (140, [("C’est trop tôt", "warning")]),
        (90, []),
        (40, [("Risque de rupture de droits", "warning")]),
        (10, [("Rupture de droits imminente", "danger")]),
        (-1, [("Le droit est terminé", "danger")]),
    ],
)
def test_a_css_renewal_has_its_window(monde, days, expected):
    fin = monde.caisse.today() + timedelta(days=days)
    assert advice(monde, "CSS", nature="RENOUVELLEMENT", fin_droits=fin) == expected


def test_an_ame_renewal_opens_two_months_before(monde):
    early = monde.caisse.today() + timedelta(days=70)
    found = advice(monde, "AME_RENOUVELLEMENT", nature="RENOUVELLEMENT", fin_droits=early)
    assert ("C’est trop tôt", "warning") in found


def test_who_needs_a_form_of_their_own_is_said(monde):
    today = monde.caisse.today()

    def child(age, **fields):
        given = {"lien": "ENFANT", "nom": "Fictive", "prenom": f"De {age} ans", "a_charge": True, **fields}
        return Membre(naissance=add_months(today, -12 * age - 1), **given)

    said = advice(monde, "CSS", membres=[child(26), child(20), child(10)])
    assert said == [("De 26 ans FICTIVE", "warning"), ("De 20 ans FICTIVE", "info")]
    ame = advice(monde, "AME_RENOUVELLEMENT", membres=[child(21), child(10)])
    assert ("De 21 ans FICTIVE", "warning") in ame
    assert not [titre for titre, _ in ame if titre.startswith("De 10")]


def test_months_end_on_the_last_day_of_a_short_month():
    assert months_before(date(2027, 4, 30), 2) == date(2027, 2, 28)
    assert add_months(date(2026, 12, 31), 2) == date(2027, 2, 28)


# --- Undoing


def test_an_undone_sending_leaves_nothing_behind(monde, settings):
    settings.ANNULATION_ENVOI_SECONDES = 120
    demande = monde.sent()
    undo_sending(membership=monde.technicien, reference=demande.reference)
    assert not Dossier.objects.filter(demande=demande).exists()
    assert not Periode.objects.filter(demande=demande).exists()
    assert monde.send(demande).statut == Statut.ENVOYEE


def test_a_css_under_way_is_no_double_of_an_opening_of_rights_but_of_another_css(monde):
    monde.sent("CSS")
    assert monde.sent("PUMA").statut == Statut.ENVOYEE
    with pytest.raises(DomainError) as refused:
        monde.sent("CSS")
    assert refused.value.code == "doublon"
    again = monde.sent("CSS", personne=personne(raison_doublon="SITUATION_CHANGEE"))
    assert Doublon.objects.get().demande_id == again.pk


def test_a_duplicate_is_asked_about_once_the_right_is_known(monde):
    """At the step of the person nothing tells a CSS from an opening of rights; at the next one it does."""
    monde.sent("CSS")
    client = sign_in(Client(), monde.technicien.user)
    demande = monde.draft("PUMA")
    address = f"/espace-partenaire/demandes/{demande.reference}/etape/"
    person = client.post(f"{address}personne/", {**personne(), "action": "continuer"})
    assert person.status_code == 302
    assert client.post(f"{address}situation/", situation(droit="PUMA", nature="PREMIERE")).status_code == 302
    refused = client.post(f"{address}situation/", situation(droit="CSS", nature="PREMIERE"))
    assert refused.status_code == 422
    assert "Ouvrez la demande en cours, ou indiquez pourquoi" in refused.content.decode()
    said = {**situation(droit="CSS", nature="PREMIERE"), "raison_doublon": "SITUATION_CHANGEE"}
    assert client.post(f"{address}situation/", said).status_code == 302
    monde.save(demande, "pieces", {})
    assert steps_of(monde.read(demande)).raison_doublon() == "SITUATION_CHANGEE"


def test_the_steps_are_counted_the_same_from_first_to_last(monde):
    client = sign_in(Client(), monde.technicien.user)
    for droit in ("PUMA", "CSS"):
        demande = monde.draft(droit)
        for etape, number in (("personne", 1), ("situation", 2), ("pieces", 4), ("verification", 5)):
            page = client.get(
                f"/espace-partenaire/demandes/{demande.reference}/etape/{etape}/"
            ).content.decode()
            assert f"Étape {number} sur 5" in page
        step = client.get(f"/espace-partenaire/demandes/{demande.reference}/etape/situation/")
        assert step.context["titre_suivant"] == ("Le foyer" if droit == "CSS" else "Les pièces")


def test_only_reasons_that_make_sense_are_offered(monde):
    form = steps_of(monde.read(monde.draft("CSS"))).checklist([])
    choices = dict(form.fields["etat_AVIS_FISCAL"].choices)
    offered = {key for group in choices.values() if isinstance(group, list) for key, _ in group}
    assert "N:SITUATION" in offered
    assert not {"N:SEULE", "M:NON_CONCERNEE"} & offered
