"""A demande that becomes a document request, stops being one, or goes to another caisse as one.

A demande for which a document was prepared or given stays a document request: the file answers that and nothing else
(art. 5), and the structure opens it from there. What was only prepared is withdrawn first.
"""

from collections.abc import Mapping, Sequence

from django import forms

from caisses.models import Caisse
from documents.catalogue import Champ
from documents.enums import ModeRemise
from portal.errors import DomainError
from signalements.kinds.document.catalogue import entries_of, may_receive, modes_of
from signalements.kinds.document.models import DemandeDocument, DocumentRemis
from signalements.kinds.mouvements import Choix, Motifs, Mouvement, about_somebody, copy_of, selection
from signalements.models import Demande, ElementComplement
from signalements.operations.complements import ElementDemande
from signalements.operations.door import Actor

LONGEST_ITEM = 160
"""Characters of one line of a complément (`ElementComplement.libelle`)."""


def choices_to_become(demande: Demande) -> dict[str, forms.Field] | None:
    """Which document, and how it is given; what else it asks for is asked of the structure (`arrive`)."""
    if not about_somebody(demande):
        return None
    entries = entries_of(demande.caisse, demande.partenaire)
    sortants = may_receive(demande.partenaire_id, demande.caisse)
    modes = [mode for mode in ModeRemise if any(mode in modes_of(row, sortants=sortants) for row in entries)]
    if not modes:
        return None
    return {
        "entree": selection(
            "Document", [(row.code, row.libelle) for row in entries], "Choisissez un document"
        ),
        "remise": selection(
            "Remise", [(mode.value, str(mode.label)) for mode in modes], "Choisissez comment il est remis"
        ),
    }


def from_other(demande: Demande, choix: Choix) -> DemandeDocument:
    """The request of a document of the catalogue, none of its own questions answered.

    Raises:
        DomainError: the document is not in the catalogue, or is not given in that way.
    """
    entries = entries_of(demande.caisse, demande.partenaire)
    entree = next((row for row in entries if row.code == choix["entree"]), None)
    if entree is None:
        raise DomainError("Choisissez un document de la liste.", field="entree", code="hors_catalogue")
    modes = modes_of(entree, sortants=may_receive(demande.partenaire_id, demande.caisse))
    if choix["remise"] not in modes:
        words = ", ".join(str(mode.label).lower() for mode in modes)
        raise DomainError(f"Ce document se remet ainsi\u00a0: {words}.", field="remise", code="remise")
    return DemandeDocument(entree=entree, libelle=entree.libelle, remise=choix["remise"])


def documents(demande: Demande) -> Motifs | None:
    """The documents of the catalogue for this structure; none once a file was prepared or given."""
    if answered(demande):
        return None
    rows = entries_of(demande.caisse, demande.partenaire)
    champ = selection("Document", [(row.code, row.libelle) for row in rows], "Choisissez un document")
    champ.initial = demande.document.entree.code
    return Motifs(demande.document.libelle, champ)


def put_document(demande: Demande, code: str) -> Sequence[ElementDemande]:
    """Another document; what was answered for the former one stays, what this one asks besides is asked."""
    document: DemandeDocument = demande.document
    entree = next(row for row in entries_of(demande.caisse, demande.partenaire) if row.code == code)
    modes = modes_of(entree, sortants=may_receive(demande.partenaire_id, demande.caisse))
    document.entree, document.libelle = entree, entree.libelle
    if document.remise not in modes:
        document.remise = modes[0]
    document.save(update_fields=["entree", "libelle", "remise"])
    return _asked(demande, document)


def arrive(demande: Demande, actor: Actor) -> Sequence[ElementDemande]:
    """What the document itself asks (dates, period, country), of the structure; once."""
    document = DemandeDocument.objects.select_related("entree").get(demande=demande)
    return () if document.reponses else _asked(demande, document)


def _asked(demande: Demande, document: DemandeDocument) -> Sequence[ElementDemande]:
    """What its document asks and nobody has answered yet."""
    champs = document.entree.champs_lus
    words = {champ.code: champ for champ in champs}
    known_ones = {label for label, _ in document.reponses}
    asked = [_question(champ, words) for champ in champs if champ.requis and champ.libelle not in known_ones]
    known = ElementComplement.objects.filter(demande=demande, libelle__in=asked, complement__retire=False)
    return () if known.exists() else [ElementDemande(text) for text in asked]


def _question(champ: Champ, words: Mapping[str, Champ]) -> str:
    """A field as one line of a complément, with its answers and what it depends on."""
    text = champ.libelle.rstrip()
    if champ.choix:
        text = f"{text} ({', '.join(label for _, label in champ.choix)})"
    code, _, value = champ.si.partition("=")
    if code:
        answer = dict(words[code].choix).get(value, "oui")
        text = f"{text} – si «\u00a0{words[code].libelle.rstrip(' ?')}\u00a0»\u00a0: {answer}"
    return text if len(text) <= LONGEST_ITEM else f"{text[: LONGEST_ITEM - 1]}…"


def answered(demande: Demande) -> bool:
    """Whether a document was prepared or given for it."""
    return DocumentRemis.objects.filter(demande=demande).exists()


def elsewhere(demande: Demande, caisse: Caisse) -> DemandeDocument | None:
    """The same document in the catalogue of the other caisse, given as its convention there allows; None without it."""
    document: DemandeDocument = demande.document
    entries = entries_of(caisse, demande.partenaire)
    entree = next((row for row in entries if row.code == document.entree.code), None)
    modes = modes_of(entree, sortants=may_receive(demande.partenaire_id, caisse)) if entree else []
    if entree is None or not modes:
        return None
    wanted = document.remise if document.remise in modes else modes[0]
    copy: DemandeDocument = copy_of(document, entree_id=entree.pk, libelle=entree.libelle, remise=wanted)
    return copy


MOUVEMENT = Mouvement(
    choix=choices_to_become,
    row=from_other,
    arrive=arrive,
    reste=answered,
    ancien=lambda demande: [("Points d’attention", demande.document.alertes)],
    ailleurs=elsewhere,
    motifs=documents,
    motif=put_document,
)
