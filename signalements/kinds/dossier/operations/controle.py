"""The caisse checks the pièces of a dossier one by one."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from accounts.memberships import Membership
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.errors import DomainError
from signalements.enums import STATUTS_CHEZ_LA_CAISSE
from signalements.kinds.dossier.enums import Controle
from signalements.kinds.dossier.models import PieceDossier
from signalements.models import Demande
from signalements.operations.door import lock_demande


@dataclass(frozen=True)
class Constat:
    """What is found of a pièce: nothing yet when `controle` is empty."""

    controle: str = ""
    observation: str = ""


def check_pieces(*, actor: Membership, demande_id: int, constats: Mapping[int, Constat]) -> Demande:
    """Keep what was found of the pièces, by their id; what did not change is left alone.

    The structure sees nothing of it before a return or a decision. Order of effects: lock, pièces, journal.

    Raises:
        Demande.DoesNotExist: none for this caisse.
        DomainError: the dossier is not at the caisse, a pièce is not one of its own, or a finding is unknown.
    """
    with transaction.atomic():
        demande = lock_demande(actor, demande_id)
        if demande.statut not in STATUTS_CHEZ_LA_CAISSE:
            raise DomainError("Ce dossier n’est pas à contrôler en ce moment.", code="statut")
        pieces = {piece.pk: piece for piece in PieceDossier.objects.filter(demande=demande)}
        if not set(constats) <= set(pieces):
            raise DomainError("Cette pièce n’est pas une pièce de ce dossier.", code="piece_inconnue")
        changed = [
            _keep(pieces[pk], constat, actor)
            for pk, constat in constats.items()
            if (pieces[pk].controle, pieces[pk].observation)
            != (constat.controle, constat.observation.strip())
        ]
        PieceDossier.objects.bulk_update(
            changed, ["controle", "observation", "controlee_le", "controlee_par"]
        )
        if changed:
            record(
                Verbe.MODIFICATION,
                actor=actor,
                partenaire_id=demande.partenaire_id,
                objet="demande",
                objet_id=demande.reference,
                details={"acte": "controle_pieces", "pieces": len(changed)},
            )
    return demande


def _keep(piece: PieceDossier, constat: Constat, actor: Membership) -> PieceDossier:
    if constat.controle and constat.controle not in Controle.values:
        raise DomainError("Choisissez un constat de la liste.", code="constat_inconnu")
    piece.controle, piece.observation = constat.controle, constat.observation.strip()
    piece.controlee_le = clock.now() if constat.controle else None
    piece.controlee_par = actor.user if constat.controle else None
    return piece
