"""From any kind to any other, and to another caisse: nothing lost, nothing kept that is somebody else's."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from caisses.enums import Fonction, ListeMotifs
from caisses.models import Caisse, TypePiece
from partners.models import Convention
from portal import clock
from portal.errors import DomainError
from portal.tenancy import scope
from signalements.enums import Issue, Statut
from signalements.kinds.contact.models import Question
from signalements.kinds.document.models import DemandeDocument, DocumentRemis
from signalements.kinds.dossier.forms_caisse import ticked_at_first
from signalements.kinds.dossier.models import Dossier, Membre, Periode, PieceDossier
from signalements.kinds.rendez_vous.models import Creneau, Horaire, PlageHoraire, RendezVous
from signalements.kinds.saisine.models import Saisine
from signalements.models import Complement, Demande, PieceJointe
from signalements.operations.complements import withdraw_complement
from signalements.operations.completion import ReponseElement, complete_demande
from signalements.operations.reorientation import change_kind, change_motif
from signalements.operations.transfert import transfer
from signalements.queries.reorientation import caisses_offered, kinds_offered
from tests import factories as f
from tests.rendez_vous.conftest import agence, jour_ouvre, motif_rdv, quand, rendez_vous
from tests.signalements.caisse.conftest import signed_in
from tests.signalements.caisse.test_reorientation import act

MOST = 12
pytestmark = pytest.mark.django_db


@pytest.fixture
def reference(world):
    """What each kind needs to be chosen."""
    f.regle_dossier()
    f.motif(ListeMotifs.ABSENCE_PIECE, "PERDUE", "La personne l’a perdue")
    for rank, code in enumerate(("identite", "domicile"), start=1):
        f.piece_attendue(TypePiece.objects.get(code=code), ordre=rank)
    motif_rdv()
    return f.catalogue("MT_DENTS", delai_jours=2)


CSS = {"type": "CSS", "nature": "PREMIERE"}
RDV = {"motif": "CSS", "type": "TELEPHONE"}
DOC = {"entree": "MT_DENTS", "remise": "COURRIER"}


def become(world, demande, fonction, choix=None, **kwargs):
    return act(world, change_kind, demande, fonction=fonction, raison="Mal aiguillée.", choix=choix, **kwargs)


def dossier(world, **fields):
    """A dossier under way, with its household."""
    row = f.dossier(world.convention, world.technicien.user, statut=Statut.EN_COURS, **fields)
    Demande.objects.filter(pk=row.pk).update(pieces_presentes=1, pieces_attendues=1)
    Membre.objects.create(
        demande=row,
        caisse=world.caisse,
        partenaire=world.structure,
        rang=1,
        lien="ENFANT",
        nom="Fictive",
        prenom="Camille",
        naissance=clock.today() - timedelta(days=4000),
    )
    return row


def test_a_dossier_becomes_a_saisine_and_both_sides_still_read_its_household_and_checklist(world, reference):
    demande = dossier(world)
    changed = become(world, demande, Fonction.SAISINE)
    assert (changed.fonction, changed.pieces_attendues) == ("SAISINE", None)
    assert Periode.objects.get(demande=demande).fin == "REORIENTEE"
    agent = signed_in(world.agent).get(f"/espace-caisse/demandes/{demande.reference}/")
    tech = signed_in(world.technicien).get(f"/espace-partenaire/demandes/{demande.reference}/")
    for page in (agent.content.decode(), tech.content.decode()):
        assert "Traitée auparavant comme «\u00a0Dossier\u00a0»" in page
        assert "Camille" in page
        assert "Formulaire (présente)" in page
    back = become(world, changed, Fonction.DOSSIER)
    assert (back.fonction, back.pieces_presentes, back.statut) == ("DOSSIER", 1, Statut.EN_COURS)
    periode = Periode.objects.get(demande=demande)
    assert (periode.fin, periode.close_le, back.echeance) == ("", None, periode.echeance)


def test_a_saisine_becomes_a_dossier_whose_checklist_the_structure_completes(world, reference):
    demande = world.demande(Statut.EN_COURS)
    world.piece(demande)
    changed = become(world, demande, Fonction.DOSSIER, CSS)
    assert (changed.statut, changed.pieces_presentes, changed.pieces_attendues) == (Statut.A_COMPLETER, 1, 2)
    assert not Periode.objects.exists()
    complement = Complement.objects.get()
    asked = {row.libelle: row.pk for row in complement.elements.all()}
    assert set(asked) == {
        "Justificatif de domicile",
        "Adresse ou domiciliation de la personne et composition du foyer",
    }
    page = signed_in(world.technicien).get(f"/espace-partenaire/demandes/{demande.reference}/")
    assert "À joindre" in page.content.decode()
    piece = world.piece(changed, "domicile.pdf", sent=False)
    domicile = TypePiece.objects.get(code="domicile")
    PieceJointe.objects.filter(piece=piece).update(
        type_piece=domicile, element_id=asked["Justificatif de domicile"]
    )
    with scope("partenaire", world.structure.pk), transaction.atomic():
        complete_demande(
            membership=world.technicien,
            reference=demande.reference,
            complement_id=complement.pk,
            reponses={pk: ReponseElement(texte="CCAS, seule.") for pk in asked.values()},
        )
    done = Demande.objects.get(pk=demande.pk)
    assert (done.statut, done.pieces_presentes) == (Statut.COMPLETEE, 2)
    periode = Periode.objects.get()
    assert (periode.rang, periode.recue_le) == (1, world.caisse.today())
    assert (periode.echeance - periode.recue_le).days == 29


def test_what_the_structure_explains_is_missing_and_no_longer_to_join(world, reference):
    demande = world.demande(Statut.EN_COURS)
    become(world, demande, Fonction.DOSSIER, CSS)
    complement = Complement.objects.get()
    lost = f.motif(ListeMotifs.ABSENCE_PIECE, "VOLEE", "Volée")
    reponses = {
        row.pk: ReponseElement(absence=lost) if row.type_piece_id else ReponseElement(texte="CCAS.")
        for row in complement.elements.all()
    }
    with scope("partenaire", world.structure.pk), transaction.atomic():
        complete_demande(
            membership=world.technicien,
            reference=demande.reference,
            complement_id=complement.pk,
            reponses=reponses,
        )
    assert set(PieceDossier.objects.values_list("etat", "raison__code")) == {("MANQUANTE", "VOLEE")}


def test_an_appointment_gives_its_slot_back_and_keeps_its_history(world, reference):
    demande = rendez_vous(
        world.convention, world.technicien.user, statut=Statut.EN_COURS, rdv={"statut": "CONFIRME"}
    )
    when, day = quand(world.caisse), jour_ouvre(world.caisse)
    plage = PlageHoraire.objects.create(
        caisse=world.caisse,
        type="TELEPHONE",
        jours=[1, 2, 3, 4, 5],
        du=day,
        au=day,
        heure_debut=when.debut.time(),
        heure_fin=when.fin.time(),
    )
    place = Creneau.objects.create(
        caisse=world.caisse, plage=plage, debut=when.debut, fin=when.fin, pris=True
    )
    Horaire.objects.create(
        demande=demande,
        caisse=world.caisse,
        partenaire=world.structure,
        etat="FIXE",
        debut=when.debut,
        fin=when.fin,
        type="TELEPHONE",
        creneau=place,
        cree_le=clock.now(),
    )
    changed = become(world, demande, Fonction.CONTACT)
    place.refresh_from_db()
    assert not place.pris
    assert list(Horaire.objects.values_list("etat", flat=True)) == ["LIBERE"]
    assert RendezVous.objects.get().statut == "ANNULE_CAISSE"
    page = signed_in(world.technicien).get(f"/espace-partenaire/demandes/{demande.reference}/")
    assert "(libéré)" in page.content.decode()
    become(world, changed, Fonction.RENDEZ_VOUS)
    assert RendezVous.objects.get().statut == "DEMANDE"


def test_the_agent_chooses_the_least_for_an_appointment_and_for_a_document(world, reference):
    demande = world.demande(Statut.EN_COURS)
    changed = become(world, demande, Fonction.RENDEZ_VOUS, {"motif": "CSS", "type": "PHYSIQUE"})
    row = RendezVous.objects.get(pk=demande.pk)
    assert (row.statut, row.mode, row.agence, changed.delai_jours) == ("DEMANDE", "DEMANDE", None, 3)
    document = become(world, changed, Fonction.DOCUMENT, DOC)
    assert (DemandeDocument.objects.get(pk=demande.pk).remise, document.delai_jours) == ("COURRIER", 2)
    assert document.echeance >= world.caisse.today()
    assert Fonction.DOSSIER in {one.kind.fonction for one in kinds_offered(document)}


def test_a_choice_that_is_missing_or_does_not_hold_is_refused_beside_its_field(world, reference):
    demande = world.demande(Statut.EN_COURS)
    with pytest.raises(DomainError):
        become(world, demande, Fonction.DOSSIER)
    with pytest.raises(DomainError):
        become(world, demande, Fonction.RENDEZ_VOUS, {"motif": "CSS", "type": "VISIO"})
    client, address = signed_in(world.agent), f"/espace-caisse/demandes/{demande.reference}/reorienter/"
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        shown = client.get(address).content.decode()
    assert "Motif du rendez-vous" in shown
    selects = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
    assert len(selects) <= MOST, selects
    posted = {
        "acte": "service",
        "service-fonction": "DOSSIER",
        "service-raison": "Un dossier.",
        "service-dossier_type": "CSS",
        "version": 1,
    }
    page = client.post(address, posted)
    assert page.status_code == 422
    assert "Choisissez la nature." in page.content.decode()
    assert client.post(address, {**posted, "service-dossier_nature": "PREMIERE"}).status_code == 302
    assert Demande.objects.get(pk=demande.pk).fonction == "DOSSIER"


def test_a_demande_about_nobody_or_answered_by_a_document_stays_what_it_is(world, reference):
    question = world.demande(Statut.EN_COURS, fonction=Fonction.CONTACT, sans_personne=True)
    question.saisine.delete()
    assert kinds_offered(Demande.objects.get(pk=question.pk)) == []
    Convention.objects.filter(pk=world.convention.pk).update(documents_sortants=True)
    demande = f.demande_document(world.convention, world.technicien.user, reference)
    assert kinds_offered(Demande.objects.get(pk=demande.pk)) != []
    with scope("caisse", world.caisse.pk), transaction.atomic():
        f.document_remis(demande, world.agent.user)
    assert DocumentRemis.objects.count() == 1
    assert kinds_offered(Demande.objects.get(pk=demande.pk)) == []


# --- Another caisse


@pytest.fixture
def elsewhere(world):
    """A convention of the structure with the other caisse."""
    return f.convention(world.structure, world.autre_caisse)


def pass_on(world, demande):
    act(world, transfer, demande, caisse_id=world.autre_caisse.pk, raison="Déménagement.")
    return Demande.objects.get(caisse=world.autre_caisse)


def test_a_dossier_is_passed_on_with_its_household_and_checklist_and_a_period_of_its_own(
    world, reference, elsewhere
):
    demande = dossier(world)
    cible = pass_on(world, demande)
    assert Demande.objects.get(pk=demande.pk).issue == Issue.REORIENTEE
    assert Periode.objects.get(demande=demande).fin == "DECISION"
    assert (Dossier.objects.get(pk=cible.pk).type, cible.pieces_presentes) == ("CSS", 1)
    assert Membre.objects.get(demande=cible).prenom == "Camille"
    assert PieceDossier.objects.get(demande=cible).controle == ""
    periode = Periode.objects.get(demande=cible)
    assert (periode.recue_le, periode.fin) == (world.autre_caisse.today(), "")
    assert cible.echeance == periode.echeance


def test_what_only_the_other_caisse_requires_is_still_to_be_joined_there(world, reference, elsewhere):
    own = TypePiece.objects.create(
        code="LOCALE", libelle="Pièce locale", fonctions=["DOSSIER"], caisse=world.autre_caisse
    )
    f.piece_attendue(own, caisse=world.autre_caisse, ordre=9)
    cible = pass_on(world, dossier(world))
    states = dict(PieceDossier.objects.filter(demande=cible).values_list("type_piece__code", "etat"))
    assert states["LOCALE"] == "ATTENDUE"
    assert (cible.pieces_presentes, cible.pieces_attendues) == (1, 2)


def test_what_a_document_asks_for_itself_is_asked_of_the_structure_once(world, reference):
    champs = [
        {"code": "pays", "libelle": "Pays du séjour", "type": "LIGNE"},
        {"code": "mot", "libelle": "Précision", "type": "LIGNE", "requis": False},
    ]
    f.catalogue("CEAM", champs=champs)
    demande = world.demande(Statut.EN_COURS)
    changed = become(world, demande, Fonction.DOCUMENT, {"entree": "CEAM", "remise": "COURRIER"})
    assert changed.statut == Statut.A_COMPLETER
    assert [row.libelle for row in Complement.objects.get().elements.all()] == ["Pays du séjour"]


def test_a_type_of_dossier_the_other_caisse_does_not_take_is_not_passed_on(world, reference, elsewhere):
    demande = dossier(world, dossier={"type": "AME_PREMIERE", "exception": ""})
    f.regle_dossier(type="AME_PREMIERE")
    demande = Demande.objects.get(pk=demande.pk)
    assert caisses_offered(demande) == []
    with pytest.raises(DomainError) as refused:
        pass_on(world, demande)
    assert refused.value.code == "hors_champ"
    Caisse.objects.filter(pk=world.autre_caisse.pk).update(ame_premiere_transmissible=True)
    assert caisses_offered(demande) == [world.autre_caisse]


def test_an_appointment_is_passed_on_as_a_request_and_its_date_freed(world, reference, elsewhere):
    own = agence(world.caisse)
    demande = rendez_vous(
        world.convention,
        world.technicien.user,
        statut=Statut.EN_COURS,
        rdv={"statut": "CONFIRME", "type": "PHYSIQUE", "agence": own},
    )
    when = quand(world.caisse)
    Horaire.objects.create(
        demande=demande,
        caisse=world.caisse,
        partenaire=world.structure,
        etat="FIXE",
        debut=when.debut,
        fin=when.fin,
        type="TELEPHONE",
        cree_le=clock.now(),
    )
    cible = pass_on(world, demande)
    row = RendezVous.objects.get(pk=cible.pk)
    assert (row.statut, row.mode, row.type, row.agence) == ("DEMANDE", "DEMANDE", "PHYSIQUE", None)
    assert row.disponibilites == demande.rendez_vous.disponibilites
    assert list(Horaire.objects.values_list("demande", "etat")) == [(demande.pk, "LIBERE")]


def test_a_document_is_passed_on_where_the_catalogue_has_it_and_as_the_convention_there_allows(
    world, reference, elsewhere
):
    Convention.objects.filter(pk=world.convention.pk).update(documents_sortants=True)
    demande = f.demande_document(world.convention, world.technicien.user, reference)
    DemandeDocument.objects.update(remise="PORTAIL")
    local = f.catalogue("LOCAL", caisse=world.caisse)
    only_here = f.demande_document(world.convention, world.technicien.user, local)
    assert caisses_offered(Demande.objects.get(pk=only_here.pk)) == []
    cible = pass_on(world, Demande.objects.get(pk=demande.pk))
    assert DemandeDocument.objects.get(pk=cible.pk).remise != "PORTAIL"
    assert cible.delai_jours == 2


def test_a_caisse_that_goes_on_without_what_it_asked_for_opens_the_period(world, reference):
    demande = world.demande(Statut.EN_COURS)
    become(world, demande, Fonction.DOSSIER, CSS)
    act(world, withdraw_complement, demande)
    assert Periode.objects.get().echeance == Demande.objects.get(pk=demande.pk).echeance


# --- Another motif within the service


def about(world, demande, valeur, raison="Précisé au téléphone."):
    """Change the motif."""
    return act(world, change_motif, demande, valeur=valeur, raison=raison)


def test_an_agent_changes_the_motif_on_its_page_and_both_words_are_read(world, reference):
    motif_rdv("VITALE", libelle="Carte Vitale", types=["TELEPHONE"])
    demande = rendez_vous(world.convention, world.technicien.user, statut=Statut.EN_COURS)
    client = signed_in(world.agent)
    page = f"/espace-caisse/demandes/{demande.reference}/reorienter/"
    assert "Changer le motif" in client.get(page).content.decode()
    posted = {"acte": "motif", "motif-motif": "VITALE", "motif-raison": "Dit au téléphone.", "version": 9}
    stale = client.post(page, posted)
    assert stale.status_code == 422
    assert "Dit au téléphone." in stale.content.decode()
    unknown = client.post(page, {**posted, "motif-motif": "INCONNU", "version": demande.version})
    assert (unknown.status_code, list(unknown.context["form"].errors)) == (422, ["motif"])
    assert client.post(page, {**posted, "version": demande.version}).status_code == 302
    changed = Demande.objects.get(pk=demande.pk)
    assert (changed.rendez_vous.motif.code, changed.statut, changed.echeance) == (
        "VITALE",
        Statut.EN_COURS,
        demande.echeance,
    )
    assert changed.rendez_vous.disponibilites == demande.rendez_vous.disponibilites
    texte = (
        signed_in(world.technicien).get(f"/espace-partenaire/demandes/{demande.reference}/").content.decode()
    )
    assert "«\u00a0Carte Vitale\u00a0», et non plus «\u00a0Complémentaire santé solidaire\u00a0»" in texte
    assert "Dit au téléphone." in texte


def test_a_motif_that_does_not_hold_changes_nothing(world, reference):
    motif_rdv("AME_DEPOT", types=["PHYSIQUE"])
    demande = rendez_vous(world.convention, world.technicien.user, statut=Statut.EN_COURS)
    for valeur, code in (("AME_DEPOT", "forme"), ("CSS", "inchange"), ("", "motif"), ("AUTRE", "motif")):
        with pytest.raises(DomainError) as refused:
            about(world, demande, valeur)
        assert (refused.value.field, refused.value.code) == ("motif", code)
    assert Demande.objects.get(pk=demande.pk).version == demande.version


def test_the_difficulties_and_the_object_change_and_the_texts_stay(world):
    f.motif(ListeMotifs.DIFFICULTE, "NUMERIQUE", "Difficulté avec le numérique")
    f.motif(ListeMotifs.OBJET_CONTACT, "REGLES", "Question réglementaire")
    f.motif(ListeMotifs.OBJET_CONTACT, "ETAT_AVANCEMENT", "État d’avancement")
    demande = world.demande(Statut.EN_COURS)
    Saisine.objects.filter(pk=demande.pk).update(causes=["LANGUE"])
    saisine = about(world, demande, ["NUMERIQUE"]).saisine
    assert (saisine.difficultes, saisine.causes) == (["NUMERIQUE"], ["LANGUE"])
    general = world.demande(Statut.EN_COURS, fonction=Fonction.CONTACT, sans_personne=True)
    Question.objects.create(
        demande=general,
        caisse=world.caisse,
        partenaire=world.structure,
        objet="AUTRE",
        message="Une question.",
    )
    with pytest.raises(DomainError):
        about(world, general, "ETAT_AVANCEMENT")
    question = about(world, general, "REGLES").question
    assert (question.objet, question.message) == ("REGLES", "Une question.")


def test_another_document_asks_its_own_questions_and_has_its_own_delay(world, reference):
    champs = [{"code": "pays", "libelle": "Pays du séjour", "type": "PAYS"}]
    other = f.catalogue("CEAM", champs=champs, delai_jours=10)
    demande = f.demande_document(world.convention, world.technicien.user, reference, statut=Statut.EN_COURS)
    DemandeDocument.objects.filter(pk=demande.pk).update(reponses=[["Pour qui", "La personne seule"]])
    about(world, demande, "CEAM")
    changed = Demande.objects.get(pk=demande.pk)
    assert (changed.document.entree, changed.document.libelle) == (other, other.libelle)
    assert changed.document.reponses == [["Pour qui", "La personne seule"]]
    assert (changed.statut, changed.delai_jours) == (Statut.A_COMPLETER, 10)
    asked = Complement.objects.get(demande=demande).elements.values_list("libelle", flat=True)
    assert list(asked) == ["Pays du séjour"]


def test_another_right_keeps_the_checklist_and_shows_what_is_still_to_be_joined(world, reference):
    row = dossier(world)
    f.regle_dossier(type="PUMA")
    f.piece_attendue(TypePiece.objects.get(code="domicile"), type_dossier="PUMA", ordre=1)
    before = list(PieceDossier.objects.filter(demande=row).values_list("pk", flat=True))
    about(world, row, "PUMA")
    changed = Demande.objects.get(pk=row.pk)
    assert (changed.dossier.type, changed.statut) == ("PUMA", Statut.EN_COURS)
    assert set(before) <= set(PieceDossier.objects.filter(demande=row).values_list("pk", flat=True))
    added = PieceDossier.objects.get(demande=row, type_piece__code="domicile")
    assert added.etat == "ATTENDUE"
    assert ticked_at_first([added], [])[f"piece_{added.type_piece_id}"] is True
    assert changed.pieces_attendues == len(before) + 1
    assert Membre.objects.filter(demande=row).count() == 1
