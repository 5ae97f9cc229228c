"""The end of the personal data of a demande: some months after its closure nothing is left but dates and counts.

domaine.md §4.9: no figure in the conventions; `DONNEES_PERSONNELLES_MOIS`, twelve unless an operator says otherwise.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.db.models import F, Q
from django.utils.timezone import make_aware

from documents.operations.effacement import delete_pieces
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.calendar import add_months
from signalements.enums import STATUTS_CLOS
from signalements.kinds.registry import kinds
from signalements.models import (
    Brouillon,
    Complement,
    Contact,
    DecisionRetenue,
    Demande,
    Doublon,
    ElementComplement,
    Message,
    NoteInterne,
    Passage,
    Personne,
    PieceJointe,
)

LIBELLE = "Information demandée"
"""What is left of an item whose words an agent typed."""


def due_to_erase(today: date) -> "Any":
    """The demandes whose personal data have outlived their purpose, the oldest first."""
    months = settings.DONNEES_PERSONNELLES_MOIS
    limit = make_aware(datetime.combine(add_months(today, -months), time.min))
    rows = Demande.objects.filter(
        statut__in=sorted(STATUTS_CLOS), effacee_le__isnull=True, modifiee_le__lt=limit
    )
    for kind in kinds().values():
        if kind.retient is not None:
            rows = rows.exclude(kind.retient(today))
    return rows.order_by("modifiee_le", "pk")


def erasure_day(demande: Demande) -> date | None:
    """From when the personal data of a closed demande may be erased; None while it is open, or when nothing is."""
    months = settings.DONNEES_PERSONNELLES_MOIS
    if not months or demande.statut not in STATUTS_CLOS or demande.est_effacee:
        return None
    return add_months(clock.local_date(demande.modifiee_le, demande.caisse.fuseau), months)


def erase_personal_data(limit: int) -> int:
    """Erase the person, the words and the files of at most `limit` demandes; returns how many.

    What stays: reference, service, structure, caisse, dates, delays, outcome and its motif: what is counted. Nothing
    is announced: both sides read the day on the demande's page. Locked by somebody, a demande waits for the next run.
    Order of effects: demandes, rows of the envelope, rows of every kind (a demande may have been of several), files,
    journal.
    """
    if not settings.DONNEES_PERSONNELLES_MOIS:
        return 0
    now = clock.now()
    due = due_to_erase(clock.today()).select_for_update(skip_locked=True, of=("self",))
    demandes = list(due.only("pk", "reference", "caisse_id", "partenaire_id")[:limit])
    ids = [demande.pk for demande in demandes]
    if not ids:
        return 0
    Demande.objects.filter(pk__in=ids).update(
        effacee_le=now, sans_personne=True, accord_le=None, date_limite=None, version=F("version") + 1
    )
    _erase_envelope(ids)
    for kind in kinds().values():
        if kind.efface is not None:
            kind.efface(ids)
    joined = PieceJointe.objects.filter(demande__in=ids)
    pieces = list(joined.values_list("piece_id", flat=True))
    joined.delete()
    delete_pieces(pieces)
    for demande in demandes:
        record(
            Verbe.MODIFICATION,
            role="systeme",
            caisse_id=demande.caisse_id,
            partenaire_id=demande.partenaire_id,
            objet="demande",
            objet_id=demande.reference,
            details={"acte": "effacement_donnees"},
        )
    return len(ids)


def _erase_envelope(ids: Sequence[int]) -> None:
    """The person and every word typed on either side."""
    for model in (Personne, NoteInterne, DecisionRetenue, Doublon, Brouillon):
        model._default_manager.filter(demande__in=ids).delete()
    Doublon.objects.filter(autre__in=ids).update(autre=None)
    Message.objects.filter(demande__in=ids).update(texte="")
    Contact.objects.filter(demande__in=ids).update(note="")
    Complement.objects.filter(demande__in=ids).update(message="", reponse="")
    items = ElementComplement.objects.filter(demande__in=ids)
    items.update(precision="", reponse="")
    items.filter(Q(type_piece__isnull=True)).update(libelle=LIBELLE)
    Passage.objects.filter(demande__in=ids).update(commentaire="")
