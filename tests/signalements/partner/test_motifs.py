"""The history narrowed to a motif of a kind, and to what is late where its caisse is."""

from datetime import UTC, date, datetime

import pytest

from caisses.enums import Fonction, ListeMotifs
from portal import clock
from signalements.enums import Statut
from signalements.kinds.registry import kinds
from signalements.queries.partner import Filtres, list_page
from tests import factories as f
from tests.signalements.partner.test_export import exported
from tests.signalements.partner.test_list import demande, get, references

pytestmark = pytest.mark.django_db


def test_a_saisine_is_found_by_one_of_its_difficulties(tech, monde):
    found = demande(monde)
    other = demande(monde)
    found.saisine.difficultes = ["DROITS_BASE", "NUMERIQUE"]
    found.saisine.save()
    assert set(references(get(tech))) == {found.reference, other.reference}
    assert references(get(tech, motif="saisine.NUMERIQUE")) == [found.reference]
    assert [row["Référence"] for row in exported(tech, motif="saisine.NUMERIQUE")] == [found.reference]


def test_a_document_is_found_by_what_is_asked_for(tech, monde):
    asked, other = f.catalogue("ATTESTATION", libelle="Attestation de droits"), f.catalogue("CEAM")
    found = f.demande_document(monde.convention, monde.technicien, asked)
    f.demande_document(monde.convention, monde.technicien, other)
    page = get(tech, motif="document.ATTESTATION")
    assert references(page) == [found.reference]
    assert '<option value="document.ATTESTATION" selected>Attestation de droits</option>' in page.text
    assert '<optgroup label="Document">' in page.text


def test_each_kind_can_be_narrowed_to_a_motif(monde):
    demande(monde)
    for fonction in kinds():
        page = list_page(monde.membership, "toutes", Filtres(motif_de=fonction, motif="INCONNU"))
        assert page.rows == [], fonction


def test_only_the_motifs_of_open_services_are_offered(tech, monde):
    f.motif(ListeMotifs.OBJET_CONTACT, "REGLES", "Question sur les règles")
    assert "contact.REGLES" in get(tech).text
    monde.convention.fonctions = [Fonction.SAISINE, Fonction.HISTORIQUE]
    monde.convention.save()
    page = get(tech).text
    assert "contact.REGLES" not in page
    assert "saisine.NUMERIQUE" in page


def test_a_demande_is_late_where_its_caisse_is(monde):
    reunion = f.caisse("974", zone_feries="LA_REUNION", fuseau="Indian/Reunion")
    there = f.demande(
        f.convention(monde.valbrume, reunion),
        monde.technicien,
        statut=Statut.EN_COURS,
        echeance=date(2026, 6, 16),
    )
    demande(monde, echeance=date(2026, 6, 16))
    night = datetime(2026, 6, 16, 21, tzinfo=UTC)  # 23:00 in Besançon, already the 17th in La Réunion
    with clock.at(night):
        late = list_page(monde.membership, "toutes", Filtres(retard_a=clock.now()))
    assert [row.reference for row in late.rows] == [there.reference]
