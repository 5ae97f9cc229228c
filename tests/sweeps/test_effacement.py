"""The end of the personal data of a closed demande: what goes, what stays, what waits."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.files.storage import storages
from django.db import models

from documents.models import Piece
from portal import clock, sweeps
from portal.audit.models import Evenement
from portal.errors import DomainError
from signalements.enums import Statut
from signalements.kinds.contact.models import Question
from signalements.kinds.document.models import DemandeDocument
from signalements.kinds.dossier.models import Dossier, Membre, PieceDossier
from signalements.kinds.registry import kinds
from signalements.kinds.rendez_vous.models import EtapeRendezVous, RendezVous
from signalements.models import (
    Complement,
    Contact,
    Demande,
    ElementComplement,
    Message,
    NoteInterne,
    Passage,
    Personne,
)
from signalements.operations.decisions import reopen
from tests import factories as f
from tests.rendez_vous.conftest import motif_rdv
from tests.signalements.caisse.conftest import World, build_world, signed_in

pytestmark = pytest.mark.django_db
SWEEP, WORD = "donnees_personnelles", "Marqué"
SHORTEST, MOST = 8, 1000
"""Characters of a column: a shorter one is a code."""
COUNTED = {
    "demandedocument.libelle",
    "dossier.exception",
    "piecedossier.raison_retour",
    "question.objet",
}
"""Codes and labels of reference lists: they name nobody."""


@pytest.fixture
def world(db: None) -> World:
    """A structure and a caisse."""
    cache.clear()
    return build_world()


def years(count: float) -> Any:
    """That many years from now."""
    return clock.at(clock.now() + timedelta(days=366 * count))


def texts() -> list[tuple[Any, list[str]]]:
    """Every model that hangs on a demande, with its columns of words."""
    found = []
    for model in apps.get_models():
        fields = {one.name: one for one in model._meta.concrete_fields}
        if "demande" not in fields:
            continue
        words = [
            name
            for name, one in fields.items()
            if isinstance(one, models.CharField | models.TextField)
            and not one.choices
            and (one.max_length or MOST) > SHORTEST
            and f"{model._meta.model_name}.{name}" not in COUNTED
        ]
        found.append((model, words))
    return found


def told(world: World) -> Demande:
    """A closed demande that has been of every kind, with a marked word in each of its columns."""
    demande: Demande = world.demande(Statut.TRAITEE)
    of: dict[str, Any] = {"demande": demande, "caisse": world.caisse, "partenaire": world.structure}
    world.message(demande)
    kind = f.TypePiece.objects.get(code="identite")
    NoteInterne.objects.create(**of, texte="x", le=clock.now())
    Contact.objects.create(**of, canal="TELEPHONE", resultat="JOINTE", note="x", le=clock.now())
    asked = Complement.objects.create(**of, message="x", demande_le=clock.now(), repondu_le=clock.now())
    ElementComplement.objects.create(**of, complement=asked, libelle="x")
    Passage.objects.create(
        **of, de="EN_COURS", vers="TRAITEE", le=clock.now(), cote="CAISSE", commentaire="x"
    )
    Question.objects.create(**of, objet="AUTRE", message="x")
    DemandeDocument.objects.create(**of, entree=f.catalogue(), libelle="Attestation", remise="COURRIER")
    Dossier.objects.create(**of, type="CSS", nature="PREMIERE", adresse="x")
    born = clock.today() - timedelta(days=4000)
    Membre.objects.create(**of, rang=1, lien="ENFANT", nom="x", prenom="x", naissance=born)
    PieceDossier.objects.create(**of, type_piece=kind, rang=1, obligatoire=True, etat="PRESENTE")
    RendezVous.objects.create(**of, mode="DEMANDE", type="TELEPHONE", motif=motif_rdv(), disponibilites=[])
    EtapeRendezVous.objects.create(**of, de="DEMANDE", vers="PROPOSE", le=clock.now(), cote="CAISSE")
    for model, words in texts():
        model._default_manager.filter(demande=demande).update(**dict.fromkeys(words, WORD))
    return demande


def kept_words(demande: Demande) -> set[str]:
    """Where a marked word is still kept."""
    return {
        f"{model._meta.model_name}.{name}"
        for model, words in texts()
        for row in model._default_manager.filter(demande=demande).values(*words)
        for name in words
        if WORD in str(row[name])
    }


def test_no_word_nor_file_of_a_person_is_left_twelve_months_after_the_end(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    demande = told(world)
    piece = world.piece(demande)
    assert len(kept_words(demande)) > 20
    with years(0.95):
        assert sweeps.run(SWEEP) == 0
    with years(1), django_capture_on_commit_callbacks(execute=True):
        assert (sweeps.run(SWEEP), sweeps.run(SWEEP)) == (1, 0)
    assert kept_words(demande) == set()
    assert not Personne.objects.filter(demande=demande).exists()
    assert not Piece.objects.filter(pk=piece.pk).exists()
    assert not storages["pieces"].exists(piece.chemin)
    left = Demande.objects.get(pk=demande.pk)
    assert (left.reference, left.issue, left.traitee_le) == (
        demande.reference,
        demande.issue,
        demande.traitee_le,
    )
    assert Message.objects.filter(demande=demande).count() == 1
    event = Evenement.objects.get(details__acte="effacement_donnees")
    assert event.objet_id == demande.reference


def test_both_sides_read_that_they_are_gone_and_nothing_happens_to_it_any_more(world: World) -> None:
    demande = told(world)
    page = f"/espace-partenaire/demandes/{demande.reference}/"
    before = signed_in(world.technicien).get(page).content.decode()
    assert "Ces données seront supprimées à partir du" in before
    Demande.objects.filter(pk=demande.pk).update(modifiee_le=clock.now() - timedelta(days=370))
    sweeps.run(SWEEP)
    tech, agent = signed_in(world.technicien), signed_in(world.agent)
    for fonction, (client, address) in product(
        kinds(), ((tech, page), (agent, f"/espace-caisse/demandes/{demande.reference}/"))
    ):
        Demande.objects.filter(pk=demande.pk).update(fonction=fonction)
        shown = client.get(address).content.decode()
        assert "ont été effacées" in shown, fonction
        assert "Rouvrir" not in shown, fonction
    Demande.objects.filter(pk=demande.pk).update(fonction="SAISINE")
    assert "Données effacées" in tech.get("/espace-partenaire/demandes/").content.decode()
    assert "Données effacées" in agent.get("/espace-caisse/file/?vue=traitees").content.decode()
    for refused in ("fiche.pdf", "meme-personne/"):
        assert tech.get(f"{page}{refused}").status_code == 404
    with pytest.raises(DomainError) as closed:
        reopen(actor=world.agent, demande_id=demande.pk, raison="Encore.")
    assert closed.value.code == "effacee"


def test_what_is_open_or_opens_a_right_that_runs_waits(world: World, settings: Any) -> None:
    world.demande(Statut.EN_COURS)
    granted = f.dossier(world.convention, world.technicien.user, statut=Statut.TRAITEE, issue="ACCORD")
    today = clock.today()
    Dossier.objects.filter(pk=granted.pk).update(effet_le=today, fin_le=today + timedelta(days=500))
    with years(1.1):
        assert sweeps.run(SWEEP) == 0
    with years(2):
        settings.DONNEES_PERSONNELLES_MOIS = 0
        assert sweeps.run(SWEEP) == 0
        settings.DONNEES_PERSONNELLES_MOIS = 12
        assert sweeps.run(SWEEP) == 1
    assert Personne.objects.filter(demande=granted).count() == 0
