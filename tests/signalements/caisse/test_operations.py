"""What the caisse does with a demande, one act at a time, in the caisse's own scope."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.enums import Profil
from accounts.models import Utilisateur
from caisses.models import Motif, TypePiece
from portal import clock
from portal.audit.models import Evenement
from portal.courriels.models import Courriel
from portal.errors import DomainError
from portal.tenancy import scope
from portal.workflow import ForbiddenTransition, StaleObject
from signalements import courriels
from signalements.enums import CanalContact, Issue, ResultatContact, Statut
from signalements.models import Complement, Contact, Demande, Message, NoteInterne, Passage
from signalements.notifications import tell_caisse
from signalements.operations.complements import ElementDemande, request_complement, withdraw_complement
from signalements.operations.decisions import Decision, decide, reopen
from signalements.operations.suivi import (
    Tentative,
    add_note,
    mark_messages_read,
    post_message_caisse,
    record_contact,
)
from signalements.operations.traitement import assign, release, take_charge
from tests import factories as f

NIR = "184127512345640"


@pytest.fixture(autouse=True)
def in_the_caisse(world):
    """The caisse's own database role does all of it."""
    with scope("caisse", world.caisse.pk):
        yield


def mails(demande):
    with scope("systeme"):
        rows = Courriel.objects.filter(reference=demande.reference).order_by("evenement")
        return [(row.evenement, row.destinataire_id or row.adresse) for row in rows]


def ask(world, demande, **kwargs):
    values = {
        "actor": world.conseiller,
        "demande_id": demande.pk,
        "elements": [ElementDemande("Pièce d'identité", type_piece=TypePiece.objects.get(code="identite"))],
        "message": "Il manque une pièce.",
        "cle": uuid.uuid4(),
        "version": demande.version,
    }
    return request_complement(**{**values, **kwargs})


def again(demande):
    return Demande.objects.get(pk=demande.pk)


def decision(issue=Issue.DROITS_OUVERTS, motif=None, commentaire=""):
    return Decision(issue=issue, motif=motif, commentaire=commentaire)


# --- Taking in charge


def test_taking_in_charge_assigns_and_tells_the_structure(world):
    demande = world.demande()
    take_charge(actor=world.conseiller, demande_id=demande.pk, version=1)
    after = again(demande)
    assert (after.statut, after.assignee_a, after.version) == (Statut.EN_COURS, world.conseiller.user, 2)
    assert after.prise_en_charge_le is not None
    assert mails(demande) == [("demande_prise_en_charge", world.technicien.user.pk)]


def test_taking_in_charge_twice_changes_nothing(world):
    demande = world.demande()
    for _ in range(2):
        take_charge(actor=world.conseiller, demande_id=demande.pk, version=1)
    assert Passage.objects.filter(demande=demande).count() == 1


def test_a_demande_taken_by_a_colleague_is_refused(world):
    demande = world.demande()
    take_charge(actor=world.agent, demande_id=demande.pk, version=1)
    with pytest.raises(StaleObject):
        take_charge(actor=world.conseiller, demande_id=demande.pk, version=1)


def test_giving_back_to_the_queue_keeps_the_delay(world):
    demande = world.demande(Statut.EN_COURS, assignee_a=world.agent.user)
    release(actor=world.agent, demande_id=demande.pk, version=1)
    after = again(demande)
    assert (after.statut, after.assignee_a, after.echeance) == (Statut.ENVOYEE, None, demande.echeance)


def test_only_a_superviseur_takes_a_demande_from_a_colleague(world):
    demande = world.demande(Statut.EN_COURS, assignee_a=world.agent.user)
    with pytest.raises(DomainError, match="autre personne"):
        release(actor=world.conseiller, demande_id=demande.pk)
    release(actor=world.superviseur, demande_id=demande.pk)
    assert again(demande).assignee_a is None


def test_a_superviseur_assigns_several_and_the_receiver_is_told(world):
    demandes = [world.demande(), world.demande(Statut.A_COMPLETER)]
    ids = [demande.pk for demande in demandes]
    changed = assign(actor=world.superviseur, demande_ids=ids, agent_id=world.agent.user.pk)
    assert [row.pk for row in changed] == ids
    assert {again(demande).assignee_a for demande in demandes} == {world.agent.user}
    assert [again(demande).statut for demande in demandes] == [Statut.ENVOYEE, Statut.A_COMPLETER]
    assert mails(demandes[0]) == [("demande_attribuee", world.agent.user.pk)]
    assert assign(actor=world.superviseur, demande_ids=ids, agent_id=world.agent.user.pk) == []


def test_an_agent_assigns_nothing(world):
    with pytest.raises(PermissionDenied):
        assign(actor=world.agent, demande_ids=[world.demande().pk], agent_id=world.agent.user.pk)


def test_a_demande_goes_to_the_staff_of_the_caisse_only(world):
    demande = world.demande()
    for stranger in (world.etranger, world.technicien):
        with pytest.raises(DomainError, match="une personne de la caisse"):
            assign(actor=world.superviseur, demande_ids=[demande.pk], agent_id=stranger.user.pk)
    with pytest.raises(DomainError, match="au moins une"):
        assign(actor=world.superviseur, demande_ids=[], agent_id=world.agent.user.pk)


def test_a_closed_demande_is_not_assigned(world):
    demande = world.demande(Statut.TRAITEE)
    with pytest.raises(DomainError, match="close"):
        assign(actor=world.superviseur, demande_ids=[demande.pk], agent_id=world.agent.user.pk)


# --- Notes, contacts, messages


def test_a_note_is_added_once_and_is_nobody_elses(world):
    demande, cle = world.demande(Statut.EN_COURS), uuid.uuid4()
    for _ in range(2):
        add_note(actor=world.conseiller, demande_id=demande.pk, texte="À rappeler jeudi.", cle=cle)
    assert NoteInterne.objects.count() == 1
    with scope("partenaire", world.structure.pk):
        assert not NoteInterne.objects.exists()
    assert mails(demande) == []


def test_no_text_of_the_caisse_holds_a_nir(world):
    demande = world.demande(Statut.EN_COURS)
    for act in (add_note, post_message_caisse):
        with pytest.raises(ValidationError):
            act(actor=world.agent, demande_id=demande.pk, texte=f"Son numéro\u00a0: {NIR}", cle=uuid.uuid4())


def test_the_first_contact_keeps_the_promise(world):
    demande, cle = world.demande(Statut.EN_COURS), uuid.uuid4()
    attempt = Tentative(CanalContact.TELEPHONE, ResultatContact.ABSENTE)
    for _ in range(2):
        record_contact(actor=world.conseiller, demande_id=demande.pk, tentative=attempt, cle=cle)
    first = again(demande).promesse_tenue_le
    assert first is not None
    with clock.at(clock.now() + timedelta(days=1)):
        record_contact(actor=world.conseiller, demande_id=demande.pk, tentative=attempt, cle=uuid.uuid4())
    assert again(demande).promesse_tenue_le == first
    assert Contact.objects.count() == 2
    with scope("partenaire", world.structure.pk):
        assert not Contact.objects.exists()


def test_no_contact_on_a_closed_demande(world):
    demande = world.demande(Statut.TRAITEE)
    attempt = Tentative(CanalContact.TELEPHONE, ResultatContact.JOINTE)
    with pytest.raises(DomainError, match="close"):
        record_contact(actor=world.conseiller, demande_id=demande.pk, tentative=attempt, cle=uuid.uuid4())


def test_a_message_is_sent_once_and_told(world):
    demande, cle = world.demande(Statut.EN_COURS), uuid.uuid4()
    for _ in range(2):
        post_message_caisse(actor=world.agent, demande_id=demande.pk, texte="Bonjour,", cle=cle)
    assert list(Message.objects.values_list("texte", "cote")) == [("Bonjour,", "CAISSE")]
    assert mails(demande) == [("message_caisse", world.technicien.user.pk)]


def test_no_message_on_a_cancelled_demande(world):
    with pytest.raises(DomainError, match="annulée"):
        post_message_caisse(
            actor=world.agent, demande_id=world.demande(Statut.ANNULEE, envoyee_le=clock.now()).pk,
            texte="Bonjour", cle=uuid.uuid4(),
        )  # fmt: skip


def test_the_structures_messages_become_read_the_caisses_do_not(world):
    demande = world.demande(Statut.EN_COURS)
    tenant = {"demande": demande, "caisse": world.caisse, "partenaire": world.structure, "le": clock.now()}
    Message.objects.create(texte="De la structure", cote="PARTENAIRE", **tenant)
    Message.objects.create(texte="De la caisse", cote="CAISSE", **tenant)
    assert mark_messages_read(actor=world.agent, demande=demande) == 1
    assert list(Message.objects.filter(lu_le__isnull=False).values_list("texte", flat=True)) == [
        "De la structure"
    ]


# --- Compléments


def test_a_complement_suspends_the_delay_and_tells_the_structure(world):
    demande = world.demande(Statut.EN_COURS, assignee_a=world.agent.user)
    complement = ask(world, demande)
    after = again(demande)
    assert (after.statut, after.assignee_a) == (Statut.A_COMPLETER, world.agent.user)
    assert after.suspendue_le == world.caisse.today()
    assert [element.libelle for element in complement.elements.all()] == ["Pièce d'identité"]
    assert mails(demande) == [("complement_demande", world.technicien.user.pk)]


def test_a_complement_is_asked_once(world):
    demande, cle = world.demande(), uuid.uuid4()
    assert ask(world, demande, cle=cle) == ask(world, demande, cle=cle)
    assert Complement.objects.count() == 1
    with pytest.raises(ForbiddenTransition):
        ask(world, again(demande))


@pytest.mark.parametrize(
    ("elements", "words"),
    [
        ([], "au moins une pièce"),
        ([ElementDemande(" ")], "Nommez"),
        ([ElementDemande("x")] * 21, "au plus 20"),
    ],
)
def test_a_complement_names_what_it_asks(world, elements, words):
    with pytest.raises(DomainError, match=words):
        ask(world, world.demande(), elements=elements)


def test_a_reason_is_one_of_the_list(world):
    other = Motif.objects.get(code="DOUBLON")
    with pytest.raises(DomainError, match="de la liste"):
        ask(world, world.demande(), elements=[ElementDemande("Pièce", raison=other)])


def test_withdrawing_resumes_the_work_and_the_delay(world):
    demande = world.demande(Statut.EN_COURS)
    ask(world, demande)
    for _ in range(2):
        withdraw_complement(actor=world.conseiller, demande_id=demande.pk, version=2)
    after = again(demande)
    assert (after.statut, after.suspendue_le, after.echeance) == (Statut.EN_COURS, None, demande.echeance)
    complement = Complement.objects.get()
    assert (complement.retire, complement.repondu_par) == (True, None)
    ask(world, after)
    assert Complement.objects.count() == 2


def test_there_is_nothing_to_withdraw(world):
    with pytest.raises(DomainError, match="Aucun complément"):
        withdraw_complement(actor=world.agent, demande_id=world.demande().pk)


# --- Decisions


def test_a_decision_gives_the_outcome_and_tells_the_structure(world):
    demande = world.demande(Statut.EN_COURS)
    decide(
        actor=world.conseiller,
        demande_id=demande.pk,
        decision=decision(commentaire="Droits ouverts au 1er mars."),
        version=1,
    )
    after = again(demande)
    assert (after.statut, after.issue, after.assignee_a) == (
        Statut.TRAITEE,
        Issue.DROITS_OUVERTS,
        world.conseiller.user,
    )
    passage = Passage.objects.get(demande=demande)
    assert (passage.issue, passage.commentaire) == (Issue.DROITS_OUVERTS, "Droits ouverts au 1er mars.")
    assert mails(demande) == [("demande_traitee", world.technicien.user.pk)]


def test_the_same_decision_sent_twice_changes_nothing(world):
    demande = world.demande(Statut.EN_COURS)
    for _ in range(2):
        decide(actor=world.conseiller, demande_id=demande.pk, decision=decision(), version=1)
    assert Passage.objects.filter(demande=demande).count() == 1


def test_another_decision_on_the_same_page_is_stale(world):
    demande = world.demande(Statut.EN_COURS)
    decide(actor=world.conseiller, demande_id=demande.pk, decision=decision(), version=1)
    for actor, issue in ((world.agent, Issue.DROITS_OUVERTS), (world.conseiller, Issue.INJOIGNABLE)):
        with pytest.raises(StaleObject):
            decide(actor=actor, demande_id=demande.pk, decision=decision(issue), version=1)


def test_no_decision_while_a_complement_is_open(world):
    demande = world.demande(Statut.EN_COURS)
    ask(world, demande)
    with pytest.raises(DomainError, match="retirez-le"):
        decide(actor=world.conseiller, demande_id=demande.pk, decision=decision(), version=2)
    withdraw_complement(actor=world.conseiller, demande_id=demande.pk, version=2)
    decide(actor=world.conseiller, demande_id=demande.pk, decision=decision(), version=3)
    assert again(demande).statut == Statut.TRAITEE


@pytest.mark.parametrize(
    ("issue", "code", "words"),
    [
        (Issue.NON_RECEVABLE, None, "motif"),
        (Issue.NON_RECEVABLE, "AUTRE_CAISSE", "motif"),
        (Issue.REORIENTEE, "DOUBLON", "motif"),
        (Issue.DROITS_OUVERTS, "DOUBLON", "pas de motif"),
        (Issue.ACCORD, None, "issue"),
        ("INVENTEE", None, "issue"),
    ],
)
def test_outcome_and_motif_are_those_of_the_kind(world, issue, code, words):
    demande = world.demande(Statut.EN_COURS)
    motif = Motif.objects.get(code=code) if code else None
    with pytest.raises(DomainError, match=words):
        decide(actor=world.agent, demande_id=demande.pk, decision=decision(issue, motif), version=1)
    assert again(demande).statut == Statut.EN_COURS


def test_the_motif_is_read_by_the_structure(world):
    demande = world.demande(Statut.EN_COURS)
    motif = Motif.objects.get(code="DOUBLON")
    decide(
        actor=world.agent,
        demande_id=demande.pk,
        decision=decision(Issue.NON_RECEVABLE, motif, "Voir la demande de mars."),
        version=1,
    )
    assert again(demande).motif_issue == motif
    assert Passage.objects.get().commentaire == "Démarche déjà en cours. Voir la demande de mars."


def test_reopening_needs_a_reason_and_tells_the_structure(world):
    demande = world.demande(Statut.TRAITEE)
    with pytest.raises(DomainError, match="raison"):
        reopen(actor=world.conseiller, demande_id=demande.pk, raison=" ", version=1)
    reopen(actor=world.conseiller, demande_id=demande.pk, raison="La personne a rappelé.", version=1)
    after = again(demande)
    assert (after.statut, after.issue, after.traitee_le) == (Statut.EN_COURS, "", None)
    assert after.assignee_a == world.conseiller.user
    assert mails(demande) == [("demande_rouverte", world.technicien.user.pk)]
    with pytest.raises(DomainError, match="traitée"):
        reopen(actor=world.conseiller, demande_id=demande.pk, raison="Encore", version=after.version)


def test_once_the_author_has_left_the_other_techniciens_are_told(world):
    with scope("systeme"):
        other = f.utilisateur(Profil.TECHNICIEN, world.structure)
        f.utilisateur(Profil.GESTIONNAIRE, world.structure)
        f.utilisateur(Profil.TECHNICIEN, f.partenaire(world.caisse))
        Utilisateur.objects.filter(pk=world.technicien.user.pk).update(
            is_active=False, inactive_le=clock.now()
        )
    demande = world.demande()
    take_charge(actor=world.agent, demande_id=demande.pk, version=1)
    assert mails(demande) == [("demande_prise_en_charge", other.pk)]


def test_once_the_agent_has_left_the_team_is_told(world):
    demande = world.demande(Statut.EN_COURS, assignee_a=world.agent.user)
    with scope("systeme"):
        Utilisateur.objects.filter(pk=world.agent.user.pk).update(is_active=False, inactive_le=clock.now())
    with scope("partenaire", world.structure.pk):
        tell_caisse(again(demande), courriels.COMPLEMENT_RECU, cle="x")
    assert mails(demande) == [("complement_recu", world.caisse.equipe_mas_courriel)]


# --- Who may


def test_another_caisse_finds_nothing(world):
    demande = world.demande()
    with scope("caisse", world.autre_caisse.pk), pytest.raises(Demande.DoesNotExist):
        take_charge(actor=world.etranger, demande_id=demande.pk, version=1)


def test_the_conseiller_handles_saisines_only(world):
    demande = world.demande(fonction="CONTACT")
    with pytest.raises(Demande.DoesNotExist):
        take_charge(actor=world.conseiller, demande_id=demande.pk, version=1)
    take_charge(actor=world.agent, demande_id=demande.pk, version=1)


def test_every_act_is_in_the_journal_without_its_text(world):
    demande = world.demande(Statut.EN_COURS)
    add_note(actor=world.agent, demande_id=demande.pk, texte="Texte secret", cle=uuid.uuid4())
    post_message_caisse(actor=world.agent, demande_id=demande.pk, texte="Texte secret", cle=uuid.uuid4())
    decide(actor=world.agent, demande_id=demande.pk, decision=decision(commentaire="Texte secret"), version=1)
    rows = list(Evenement.objects.filter(objet_id=demande.reference).order_by("le", "id"))
    assert [row.verbe for row in rows] == ["modification", "message", "transition"]
    assert not any("secret" in str(row.details) for row in rows)
