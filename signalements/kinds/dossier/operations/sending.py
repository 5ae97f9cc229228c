"""What a dossier adds to the sending of a demande."""

from collections.abc import Set as AbstractSet

from caisses.enums import Fonction
from caisses.models import Caisse
from portal.errors import DomainError
from portal.tenancy import scope
from signalements.kinds.dossier.enums import TypeDossier
from signalements.kinds.dossier.models import Dossier, Membre, Periode, PieceDossier
from signalements.kinds.dossier.queries import excluded, regles_of
from signalements.models import Demande

ORIGINE = "origine"
"""Where a draft keeps the reference of the dossier it renews."""
PREUVE_EXCEPTION = "PREUVE_EXCEPTION_AME"


def refuse_first_ame(
    caisse: Caisse, type_dossier: str, exception: str, present: AbstractSet[str]
) -> DomainError | None:
    """Why a first AME request cannot be sent from here, or None (CASF L252-1; decisions.md §1.7).

    It is filed by the person at the caisse, unless an exception is named and its proof joined, or the caisse takes
    them. `present` holds the codes of the pièces that are joined.
    """
    if type_dossier != TypeDossier.AME_PREMIERE or caisse.ame_premiere_transmissible:
        return None
    if exception and PREUVE_EXCEPTION in present:
        return None
    if exception:
        return DomainError(
            "Joignez la preuve de l’exception\u00a0: sans elle, une première demande d’AME ne peut pas être envoyée.",
            code="ame_premiere_preuve",
        )
    return DomainError(
        "Une première demande d’AME est déposée par la personne elle-même à la caisse\u00a0: elle "
        "se prépare ici, mais ne "
        "peut pas être envoyée.",
        code="ame_premiere",
    )


def finish_sending(demande: Demande, *, completude: tuple[int, int], origine: str) -> None:
    """Note how complete the dossier is, and what it renews; within the sending.

    Raises:
        DomainError: this type of dossier does not exist where the person lives.
    """
    dossier: Dossier = Dossier.objects.get(demande=demande)
    reason = excluded(
        regles_of(demande.caisse).get(dossier.type), demande.caisse, demande.personne.departement
    )
    if reason:
        raise DomainError(reason, code="hors_champ")
    demande.pieces_presentes, demande.pieces_attendues = completude
    demande.save(update_fields=["pieces_presentes", "pieces_attendues"])
    if origine:
        _renew(demande, dossier, origine)


def _renew(demande: Demande, dossier: Dossier, origine: str) -> None:
    old = Demande.objects.filter(
        reference=origine,
        partenaire_id=demande.partenaire_id,
        caisse_id=demande.caisse_id,
        fonction=Fonction.DOSSIER,
    ).first()
    if old is None:
        return
    dossier.origine = old
    dossier.save(update_fields=["origine"])
    Dossier.objects.filter(demande=old).update(renouvelee=True, prochain_rappel_le=None)


def take_back(demande: Demande) -> None:
    """The sending is undone: what hangs on the demande beside the dossier itself goes with it."""
    dossier = Dossier.objects.filter(demande=demande).first()
    # No tenant deletes a period.
    with scope("systeme"):
        for model in (Membre, PieceDossier, Periode):
            model.objects.filter(demande=demande).delete()
    if dossier is not None and dossier.origine_id:
        Dossier.objects.filter(demande_id=dossier.origine_id).update(renouvelee=False)
    demande.pieces_presentes = demande.pieces_attendues = None
    demande.save(update_fields=["pieces_presentes", "pieces_attendues"])
