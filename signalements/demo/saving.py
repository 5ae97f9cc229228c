"""Saving the stories of the demonstration in a few statements, with persons, situations, pièces and drafts."""

import io
from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from caisses.enums import Fonction
from caisses.models import Caisse, Equipe
from documents import vault
from documents.enums import EtatPiece
from documents.models import Piece
from partners.models import Partenaire
from portal import clock
from portal.audit.models import Evenement, Verbe
from portal.identifiers import uuid7
from signalements import courriels
from signalements.demo.brouillons import save_drafts
from signalements.demo.document import pdf
from signalements.demo.histoire import Histoire
from signalements.demo.organisations import World
from signalements.demo.people import personne
from signalements.enums import Statut
from signalements.kinds.saisine.enums import (
    CanalPrefere,
    Complementaire,
    Hebergement,
    OuiNonInconnu,
    PlageRappel,
)
from signalements.kinds.saisine.models import Saisine
from signalements.models import (
    Complement,
    Contact,
    Demande,
    ElementComplement,
    Message,
    NoteInterne,
    Passage,
    Personne,
    PieceJointe,
)
from signalements.notifications import tell_caisse, tell_sent, tell_structure
from signalements.queries.equipes import team_for

RECENT = timedelta(days=4)
JOINTES = ("IDENTITE", "COURRIER_CAISSE", "RESSOURCES")
DIFFICULTES = (
    "DROITS_BASE", "DROITS_COMPLEMENTAIRES", "RENONCEMENT_SOINS", "NUMERIQUE", "FRAGILITE_SOCIALE", "HANDICAP",
)  # fmt: skip
CAUSES = ("RESTE_A_CHARGE", "MECONNAISSANCE", "COMPLEXITE", "MOBILITE", "LANGUE", "SANS_COMPLEMENTAIRE")
SOINS = ("DENTAIRE", "OPTIQUE", "GENERALISTE", "AUDITION")
DEMARCHES = ("COMPTE_AMELI", "APPEL_3646", "COURRIER", "DOSSIER_CSS")
DESCRIPTIONS = (
    "La personne a déménagé au printemps et ses démarches n’ont pas suivi.",
    "Plusieurs courriers sont restés sans réponse, la personne ne sait plus où en est sa demande.",
    "La personne n’a pas d’accès à internet et se déplace difficilement.",
    "La complémentaire a pris fin et la personne repousse ses rendez-vous.",
    "",
)


def save(stories: list[Histoire], world: World) -> None:
    """Save everything."""
    random = Random(422251)  # noqa: S311 - not a secret
    _to_teams(stories)
    Demande.objects.bulk_create(story.demande for story in stories)
    Complement.objects.bulk_create(row for story in stories for row in story.complements)
    children: list[tuple[Any, Iterable[Any]]] = [
        (Passage, (row for story in stories for row in story.passages)),
        (ElementComplement, (row for story in stories for row in story.elements)),
        (Message, (row for story in stories for row in story.messages)),
        (NoteInterne, (row for story in stories for row in story.notes)),
        (Contact, (row for story in stories for row in story.contacts)),
        (
            Personne,
            [
                _personne(story, rank, random)
                for rank, story in enumerate(stories)
                if not story.demande.sans_personne
            ],
        ),
    ]
    for story in stories:
        if story.demande.fonction == Fonction.SAISINE:
            story.situation.append(_saisine(story, random))
    for model, rows in children:
        model.objects.bulk_create(rows)
    _save_situations(stories)
    _save_pieces(stories, random)
    _save_journal(stories)
    _queue_mails(stories)
    save_drafts(world)


def _to_teams(stories: list[Histoire]) -> None:
    """To the team a sending would have chosen."""
    teams: dict[tuple[int, str], Equipe | None] = {}
    for story in stories:
        key = story.demande.caisse_id, story.demande.fonction
        if key not in teams:
            teams[key] = team_for(story.demande.caisse, story.demande.fonction)
        story.demande.equipe = teams[key]


def _save_situations(stories: list[Histoire]) -> None:
    """The rows of the kinds, each model in one statement, in the order the stories hold them."""
    rows: dict[type[Any], list[Any]] = {}
    for story in stories:
        for row in story.situation:
            rows.setdefault(type(row), []).append(row)
    for model, found in rows.items():
        model.objects.bulk_create(found)


def _personne(story: Histoire, rank: int, random: Random) -> Personne:
    departement = "25" if story.demande.caisse.code == "251" else "42"
    today = story.demande.caisse.today()
    return Personne(**story.tenant, **personne(random, rank, departement, today))


def _saisine(story: Histoire, random: Random) -> Saisine:
    difficultes = random.sample(DIFFICULTES, random.choice((1, 1, 2)))
    return Saisine(
        **story.tenant,
        difficultes=difficultes,
        types_soins=[random.choice(SOINS)] if "RENONCEMENT_SOINS" in difficultes else [],
        causes=random.sample(CAUSES, random.choice((1, 2))),
        demarches_faites=random.sample(DEMARCHES, random.choice((0, 1, 2))),
        canal_prefere=random.choice(CanalPrefere.values),
        plages_rappel=random.sample(PlageRappel.values, 2),
        langue_interprete=random.choice(("", "", "", "", "arabe", "portugais")),
        hebergement=random.choice(("", *Hebergement.values)),
        droits_base=random.choice(OuiNonInconnu.values),
        complementaire=random.choice(Complementaire.values),
        medecin_traitant=random.choice(OuiNonInconnu.values),
        description=random.choice(DESCRIPTIONS),
    )


def _save_pieces(stories: list[Histoire], random: Random) -> None:
    """Real, encrypted PDF: those a story names, one or two on some of the other open demandes."""
    from caisses.models import TypePiece

    kinds = {kind.code: kind for kind in TypePiece.objects.filter(caisse=None)}
    pieces, joined = [], []
    for story in stories:
        demande = story.demande
        closed = demande.statut in {Statut.TRAITEE, Statut.ANNULEE}
        if not story.jointes and (closed or demande.sans_personne or random.random() < 0.35):
            continue
        for code in story.jointes or random.sample(JOINTES, random.choice((1, 2))):
            kind = kinds[code]
            piece = stored_piece(demande, f"{kind.libelle}.pdf", pdf(kind.libelle))
            pieces.append(piece)
            joined.append(PieceJointe(**story.tenant, piece=piece, type_piece=kind))
    Piece.objects.bulk_create(pieces)
    PieceJointe.objects.bulk_create(joined)


def stored_piece(demande: Demande, name: str, content: bytes, **fields: Any) -> Piece:
    """A pièce of a demande, its content in the vault, not saved; `fields` win over what they are by default."""
    when = demande.envoyee_le or demande.cree_le
    values = {"fonction": demande.fonction, "deposee_par": demande.auteur, **fields}
    return sound_piece(
        content,
        caisse=demande.caisse,
        partenaire=demande.partenaire,
        nom=name.replace("’", "'"),
        le=when,
        **values,
    )


def sound_piece(
    content: bytes, *, caisse: Caisse, partenaire: Partenaire, nom: str, le: datetime, **fields: Any
) -> Piece:
    """A PDF found sound and handed over on `le`, its content in the vault, not saved; `fields` win."""
    pk = uuid7()
    stored = vault.store(io.BytesIO(content), vault.Context(pk, partenaire.pk, caisse.pk))
    values: dict[str, Any] = {"deposee_le": le, "transmise_le": le, **fields}
    return Piece(
        pk=pk,
        caisse=caisse,
        partenaire=partenaire,
        nom=nom,
        type_mime="application/pdf",
        taille=stored.sealed.size,
        pages=1,
        empreinte=stored.sealed.sha256,
        chemin=stored.path,
        cle_fichier=stored.sealed.key.data,
        cle_id=stored.sealed.key.key_id,
        etat=EtatPiece.SAINE,
        moteur="structurel",
        analysee_le=le,
        prochain_essai_le=le,
        **values,
    )


def _save_journal(stories: list[Histoire]) -> None:
    """The changes of status, as the door would have written them."""
    Evenement.objects.bulk_create(
        Evenement(
            le=passage.le,
            verbe=Verbe.TRANSITION,
            acteur_id=passage.acteur_id,
            role=passage.acteur.profil if passage.acteur else "systeme",
            caisse_id=passage.caisse_id,
            partenaire_id=passage.partenaire_id,
            objet="demande",
            objet_id=story.demande.reference,
            details={"de": passage.de, "vers": passage.vers},
        )
        for story in stories
        for passage in story.passages
    )


def _queue_mails(stories: list[Histoire]) -> None:
    """The mails of the last days, so that the demonstration's page of mails shows some."""
    since = clock.now() - RECENT
    for story in stories:
        demande = story.demande
        for passage in story.passages:
            if passage.le < since:
                continue
            with clock.at(passage.le):
                if passage.vers == Statut.ENVOYEE:
                    tell_sent(demande)
                elif passage.vers == Statut.A_COMPLETER:
                    said = {"nombre": len(story.elements)}
                    tell_structure(demande, courriels.COMPLEMENT_DEMANDE, cle="demo", donnees=said)
                elif passage.vers == Statut.COMPLETEE:
                    tell_caisse(demande, courriels.COMPLEMENT_RECU, cle="demo")
                elif passage.vers == Statut.TRAITEE:
                    tell_structure(demande, courriels.DEMANDE_TRAITEE, cle="demo")
