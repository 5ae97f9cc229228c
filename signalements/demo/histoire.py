"""The story of one demande, told in memory: the same table and clocks as the real door, rows saved in bulk."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Model

from accounts.enums import PROFILS_PARTENAIRE
from accounts.models import Utilisateur
from caisses.models import Motif, TypePiece
from portal import clock
from signalements.clocks import gross_and_net, kept_promise, move_clock
from signalements.enums import Cote, Statut
from signalements.models import Complement, Contact, Demande, ElementComplement, Message, NoteInterne, Passage
from signalements.transitions import TABLE


@dataclass
class Histoire:
    """A demande and everything that happened to it, in the order it happened."""

    demande: Demande
    passages: list[Passage] = field(default_factory=list)
    complements: list[Complement] = field(default_factory=list)
    elements: list[ElementComplement] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    notes: list[NoteInterne] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    situation: list[Model] = field(default_factory=list)
    """The kind's own rows, in the order they are saved."""
    jointes: list[str] = field(default_factory=list)
    """The kinds of pièce to join, by code; a few common ones when none is named."""

    @property
    def tenant(self) -> dict[str, Any]:
        """What every child carries."""
        demande = self.demande
        return {"demande": demande, "caisse": demande.caisse, "partenaire": demande.partenaire}

    def goes_to(
        self,
        statut: str,
        when: datetime,
        actor: Utilisateur | None,
        commentaire: str = "",
        **changes: Any,
    ) -> None:
        """Change its status, as `apply_transition` does."""
        demande = self.demande
        role = actor.profil if actor else "systeme"
        with clock.at(when):
            transition = TABLE.find(demande.statut, statut, role)
            for name, value in {**changes, "modifiee_le": when}.items():
                setattr(demande, name, value)
            list(move_clock(demande, transition))
            demande.statut = statut
            demande.version += 1
            today = demande.caisse.today()
            gross, net = gross_and_net(demande, today)
        self.passages.append(
            Passage(
                **self.tenant,
                de=transition.source,
                vers=statut,
                le=when,
                acteur=actor,
                cote=side(actor),
                commentaire=commentaire,
                issue=demande.issue,
                jours_bruts=gross,
                jours_nets=net,
                dans_delai=kept_promise(demande, statut, today),
            )
        )

    def is_asked(
        self, when: datetime, actor: Utilisateur, message: str, pieces: list[TypePiece], raison: Motif
    ) -> Complement:
        """The caisse asks for a complément."""
        complement = Complement(**self.tenant, message=message, demande_le=when, demande_par=actor)
        self.complements.append(complement)
        self.elements += [
            ElementComplement(
                **self.tenant, complement=complement, type_piece=piece, libelle=piece.libelle, raison=raison
            )
            for piece in pieces
        ]
        self.goes_to(Statut.A_COMPLETER, when, actor, assignee_a=self.demande.assignee_a or actor)
        return complement

    def answers(
        self,
        when: datetime,
        actor: Utilisateur,
        texte: str,
        reponse: str = "Pièce demandée à l’organisme, je vous la transmets dès réception.",
    ) -> None:
        """The structure answers the open complément, each of its points by `reponse`."""
        complement = self.complements[-1]
        complement.repondu_le, complement.repondu_par, complement.reponse = when, actor, texte
        for element in self.elements:
            if element.complement is complement:
                element.reponse = reponse
        self.goes_to(Statut.COMPLETEE, when, actor)

    def says(self, when: datetime, actor: Utilisateur, texte: str, *, read: bool = True) -> None:
        """A message of the thread."""
        self.messages.append(
            Message(
                **self.tenant,
                auteur=actor,
                cote=side(actor),
                texte=texte,
                le=when,
                lu_le=when if read else None,
            )
        )

    def notes_down(self, when: datetime, actor: Utilisateur, texte: str) -> None:
        """A note the structure never sees."""
        self.notes.append(NoteInterne(**self.tenant, auteur=actor, texte=texte, le=when))

    def is_tried(self, when: datetime, actor: Utilisateur, canal: str, resultat: str) -> None:
        """An attempt to reach the person; the first one keeps the promise."""
        self.contacts.append(Contact(**self.tenant, auteur=actor, canal=canal, resultat=resultat, le=when))
        self.demande.promesse_tenue_le = self.demande.promesse_tenue_le or when


def side(actor: Utilisateur | None) -> Cote:
    """On which side an account stands."""
    if actor is None:
        return Cote.SYSTEME
    return Cote.PARTENAIRE if actor.profil in PROFILS_PARTENAIRE else Cote.CAISSE
