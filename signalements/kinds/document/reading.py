"""What the pages of a document request show, on each side."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse

from caisses.enums import Fonction
from documents.enums import EtatPiece
from partners.models import Convention
from portal import clock
from signalements.enums import STATUTS_OUVERTS, Cote, Issue
from signalements.kinds.document.catalogue import may_receive
from signalements.kinds.document.models import DemandeDocument, DocumentRemis
from signalements.kinds.registry import Acte, MotifLabels
from signalements.models import Demande


def facts(demande: Demande, labels: MotifLabels) -> list[tuple[str, object]]:
    """What is asked for, as (label, value) pairs."""
    document = demande.document
    return [
        ("Document", document.libelle),
        *((label, value) for label, value in document.reponses),
        ("Remise souhaitée", document.get_remise_display()),
    ]


def own_delay(demande: Demande) -> int | None:
    """The delay of the document asked for, as the catalogue has it today; None when it is the caisse's."""
    rows = DemandeDocument.objects.filter(demande_id=demande.pk)
    return rows.values_list("entree__delai_jours", flat=True).first()


@dataclass(frozen=True)
class DocumentLu:
    """A document, ready to be drawn. `disponible` on the structure's side: whether it may be opened now."""

    piece_id: UUID
    nom: str
    taille: int
    etat: str
    motif_refus: str
    produit: bool
    remis_le: Any
    expire_le: Any
    expire: bool

    @property
    def disponible(self) -> bool:
        """Given, sound, and not over."""
        return self.etat == EtatPiece.SAINE and self.remis_le is not None and not self.expire


def documents_of(demande: Demande) -> list[DocumentLu]:
    """The documents of a demande, in one query; the structure's realm sees those that were given."""
    now = clock.now()
    rows = DocumentRemis.objects.filter(demande=demande).select_related("piece").order_by("pk")
    return [
        DocumentLu(
            piece_id=row.piece.pk,
            nom=row.piece.nom,
            taille=row.piece.taille,
            etat=row.piece.etat,
            motif_refus=row.piece.get_motif_refus_display() if row.piece.motif_refus else "",
            produit=row.produit,
            remis_le=row.piece.transmise_le,
            expire_le=row.piece.expire_le,
            expire=row.piece.efface_le is not None or (row.piece.expire_le or now) <= now,
        )
        for row in rows
    ]


def context(demande: Demande, cote: Cote) -> dict[str, Any]:
    """The documents, whether the structure may receive any, and what to do when the rights are not open."""
    found = {
        "documents": documents_of(demande),
        "sortants": may_receive(demande.partenaire_id, demande.caisse),
        "alertes": demande.document.alertes,
    }
    if cote == Cote.PARTENAIRE:
        found["saisine_ouverte"] = demande.issue == Issue.DROITS_NON_OUVERTS and _saisine_open(demande)
    return found


def _saisine_open(demande: Demande) -> bool:
    rows = Convention.objects.utilisations().filter(
        partenaire_id=demande.partenaire_id, caisse_id=demande.caisse_id
    )
    today = demande.caisse.today()
    return any(row.opens_on(today) and Fonction.SAISINE in row.fonctions_ouvertes for row in rows)


def acts(demande: Demande, cote: Cote) -> tuple[Acte, ...]:
    """« Préparer le document », on the caisse's side, while the demande is open."""
    if cote != Cote.CAISSE or demande.statut not in STATUTS_OUVERTS:
        return ()
    url = reverse("document:preparer", args=[demande.reference])
    return (Acte("Préparer le document", url, "secondary", "document"),)


def offered(demande: Demande) -> tuple[Issue, ...]:
    """Every outcome; « Document transmis » only where the structure may receive documents."""
    if may_receive(demande.partenaire_id, demande.caisse):
        return ISSUES
    return tuple(issue for issue in ISSUES if issue != Issue.DELIVRE_PORTAIL)


ISSUES = (
    Issue.DELIVRE_PORTAIL,
    Issue.ENVOYE_PERSONNE,
    Issue.DROITS_NON_OUVERTS,
    Issue.NON_ELIGIBLE,
    Issue.NON_AUTORISE,
    Issue.NON_RECEVABLE,
    Issue.REORIENTEE,
)
