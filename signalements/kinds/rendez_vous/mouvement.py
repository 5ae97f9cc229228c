"""A demande that becomes an appointment, stops being one, or goes to another caisse as one.

The dates proposed, fixed and freed stay with the demande as its history.
"""

from collections.abc import Sequence
from itertools import chain

from django import forms

from caisses.models import Caisse
from portal.errors import DomainError
from signalements.kinds.mouvements import (
    Choix,
    Faits,
    Motifs,
    Mouvement,
    about_somebody,
    copy_of,
    selection,
)
from signalements.kinds.rendez_vous.dates import when_in_words
from signalements.kinds.rendez_vous.enums import (
    ETATS_OUVERTS,
    EtatHoraire,
    EtatRendezVous,
    ModeRendezVous,
    TypeRendezVous,
)
from signalements.kinds.rendez_vous.models import MotifRendezVous, RendezVous
from signalements.kinds.rendez_vous.operations.closing import cancel
from signalements.kinds.rendez_vous.operations.steps import appointment_of, go_to
from signalements.kinds.rendez_vous.queries import dates_of, motifs_for
from signalements.models import Demande
from signalements.operations.complements import ElementDemande
from signalements.operations.door import Actor


def forms_of(motif: MotifRendezVous, caisse: Caisse) -> list[TypeRendezVous]:
    """The forms in which a caisse receives people for a motif."""
    found = [TypeRendezVous(code) for code in motif.types]
    return [one for one in found if one != TypeRendezVous.VISIO or caisse.rendez_vous_visio]


def choices_to_become(demande: Demande) -> dict[str, forms.Field] | None:
    """Why, and in which form; the agent proposes the dates next, in any agence."""
    if not about_somebody(demande):
        return None
    motifs = motifs_for(demande.caisse)
    offered = set(chain.from_iterable(forms_of(motif, demande.caisse) for motif in motifs))
    if not demande.personne.telephone:
        offered.discard(TypeRendezVous.TELEPHONE)
    if not offered:
        return None
    return {
        "motif": selection(
            "Motif du rendez-vous", [(row.code, row.libelle) for row in motifs], "Choisissez un motif"
        ),
        "type": selection(
            "Forme du rendez-vous",
            [(one.value, str(one.label)) for one in TypeRendezVous if one in offered],
            "Choisissez une forme",
        ),
    }


def from_other(demande: Demande, choix: Choix) -> RendezVous:
    """An appointment to find a date for.

    Raises:
        DomainError: the motif is not one of the list, or is not received in that form.
    """
    motif = next((row for row in motifs_for(demande.caisse) if row.code == choix["motif"]), None)
    if motif is None:
        raise DomainError("Choisissez un motif de la liste.", field="motif", code="motif")
    if choix["type"] not in forms_of(motif, demande.caisse):
        raise DomainError("Ce motif ne se traite pas sous cette forme.", field="type", code="forme")
    return RendezVous(mode=ModeRendezVous.DEMANDE, type=choix["type"], motif=motif, disponibilites=[])


def motifs(demande: Demande) -> Motifs:
    """Why people are received at this caisse."""
    now = demande.rendez_vous.motif
    champ = selection(
        "Motif du rendez-vous",
        [(row.code, row.libelle) for row in motifs_for(demande.caisse)],
        "Choisissez un motif",
    )
    champ.initial = now.code
    return Motifs(now.libelle, champ)


def put_motif(demande: Demande, code: str) -> tuple[()]:
    """Another motif; the dates proposed or fixed stay.

    Raises:
        DomainError: it is not received in the form of a date in play, or in the one asked for.
    """
    rendez_vous: RendezVous = demande.rendez_vous
    motif = next(row for row in motifs_for(demande.caisse) if row.code == code)
    in_play = {EtatHoraire.FIXE, EtatHoraire.PROPOSE}
    types = {row.type for row in dates_of(demande) if row.etat in in_play} or {rendez_vous.type}
    if not types <= set(forms_of(motif, demande.caisse)):
        raise DomainError("Ce motif ne se traite pas sous cette forme.", field="motif", code="forme")
    rendez_vous.motif = motif
    rendez_vous.save(update_fields=["motif"])
    return ()


def arrive(demande: Demande, actor: Actor) -> Sequence[ElementDemande]:
    """One that was cancelled by a change of service is to be found a date for again."""
    rendez_vous = appointment_of(demande)
    if rendez_vous.statut not in ETATS_OUVERTS:
        go_to(rendez_vous, demande, EtatRendezVous.DEMANDE, actor=actor)
    return ()


def quitte(demande: Demande, actor: Actor) -> None:
    """Its date is freed, with its place; what was proposed can no longer be taken."""
    cancel(demande, EtatRendezVous.ANNULE_CAISSE, actor, commentaire="Demande traitée par un autre service")


def former(demande: Demande) -> Faits:
    """The dates it had, once the demande is of another kind: one query."""
    return [
        (
            "Dates du rendez-vous",
            [
                f"{when_in_words(row.debut, row.fin, demande.caisse.fuseau)} "
                f"({EtatHoraire(row.etat).label.lower()})"
                for row in dates_of(demande)
            ],
        ),
        ("Précision", demande.rendez_vous.precision),
    ]


def elsewhere(demande: Demande, caisse: Caisse) -> RendezVous | None:
    """The same request, for a date to be found; None where the caisse receives nobody for that motif.

    The agence was the first caisse's: any of the other's will do.
    """
    rendez_vous: RendezVous = demande.rendez_vous
    motif = next((row for row in motifs_for(caisse) if row.code == rendez_vous.motif.code), None)
    offered = forms_of(motif, caisse) if motif is not None else []
    if not demande.personne.telephone and TypeRendezVous.TELEPHONE in offered:
        offered.remove(TypeRendezVous.TELEPHONE)
    if motif is None or not offered:
        return None
    wanted = rendez_vous.type if rendez_vous.type in offered else offered[0]
    copy: RendezVous = copy_of(
        rendez_vous,
        statut=EtatRendezVous.DEMANDE,
        version=1,
        mode=ModeRendezVous.DEMANDE,
        type=wanted,
        motif_id=motif.pk,
        agence_id=None,
    )
    return copy


MOUVEMENT = Mouvement(
    choix=choices_to_become,
    row=from_other,
    arrive=arrive,
    quitte=quitte,
    ancien=former,
    ailleurs=elsewhere,
    motifs=motifs,
    motif=put_motif,
)
