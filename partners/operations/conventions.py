"""Acts on conventions that the fields alone cannot hold."""

from collections.abc import Iterable

from django.db.models import F

from caisses.enums import Fonction
from caisses.models import Caisse
from partners.enums import NATURES_METIER, NatureConvention, NiveauEngagement, Partie
from partners.models import Convention, Partenaire
from partners.operations.door import STALE
from portal.errors import DomainError
from portal.workflow import StaleObject

PARTIES_REQUISES = (Partie.CAISSE, Partie.PARTENAIRE)
OTHER_METIER = (
    "La convention métier doit lier la même caisse et la même structure, ou l’union dont elle est membre."
)


def check_utilisation(
    *,
    caisse: Caisse,
    partenaire: Partenaire,
    nature: str,
    adossee_a: Convention | None,
    fonctions: Iterable[str],
) -> None:
    """What a convention d'utilisation leans on and opens (art. 1.2 and 8.1).

    Raises:
        DomainError: no métier of the same caisse and structure, or a function the caisse does not offer.
    """
    if nature != NatureConvention.UTILISATION:
        return
    if adossee_a is None:
        raise DomainError(
            "Choisissez la convention métier à laquelle celle-ci s’adosse.", field="adossee_a", code="adossee"
        )
    if adossee_a.nature not in NATURES_METIER or adossee_a.caisse_id != caisse.pk:
        raise DomainError(OTHER_METIER, field="adossee_a", code="adossee_autre")
    if adossee_a.nature == NatureConvention.METIER_UNION:
        _check_level(adossee_a, partenaire, fonctions)
    elif adossee_a.partenaire_id != partenaire.pk:
        raise DomainError(OTHER_METIER, field="adossee_a", code="adossee_autre")
    absent = set(fonctions) - set(caisse.fonctions_offertes)
    if absent:
        raise DomainError(
            "Votre caisse n’offre pas toutes ces fonctions\u00a0: ouvrez-les d’abord dans ses réglages.",
            field="fonctions",
            code="fonction_fermee",
        )


def functions_of_level(niveau: int, fonctions: Iterable[str]) -> list[str]:
    """Those of `fonctions` that a member of a union may use at its level: none at 0, no dossier below 3."""
    if niveau == NiveauEngagement.AUCUN:
        return []
    return [name for name in fonctions if name != Fonction.DOSSIER or niveau >= NiveauEngagement.DOSSIERS]


def _check_level(union: Convention, partenaire: Partenaire, fonctions: Iterable[str]) -> None:
    membre = union.membres.filter(partenaire=partenaire).first()
    if membre is None or membre.niveau == NiveauEngagement.AUCUN:
        raise DomainError(
            "Cette structure n’est pas membre de cette convention d’union, ou ne souhaite pas conventionner.",
            field="adossee_a",
            code="hors_union",
        )
    if set(fonctions) != set(functions_of_level(membre.niveau, fonctions)):
        raise DomainError(
            f"Au niveau {membre.niveau}, cette structure ne transmet pas de dossier\u00a0: il faut le niveau 3.",
            field="fonctions",
            code="niveau",
        )


def apply_levels(union: Convention) -> list[Convention]:
    """Take from the members' conventions d’utilisation what their level no longer allows; give those that changed.

    A higher level opens nothing by itself: the caisse then activates the function.
    """
    changed = []
    levels = dict(union.membres.exclude(partenaire=None).values_list("partenaire_id", "niveau"))
    for row in union.utilisations.not_over().select_for_update().order_by("pk"):
        kept = functions_of_level(levels.get(row.partenaire_id, NiveauEngagement.AUCUN), row.fonctions)
        if kept != row.fonctions:
            row.fonctions = kept
            row.version += 1
            row.save(update_fields=["fonctions", "version"])
            changed.append(row)
    return changed


def check_parties(convention: Convention) -> None:
    """Every party has somebody who signs, and names its référent (art. 8.1, métier art. 4).

    A tripartite convention has a third party that signs too; any other may have one (the Carsat). It names its
    organisme.

    Raises:
        DomainError: a signataire, a référent or an organisme is missing.
    """
    signing = dict(convention.signataires.values_list("partie", "organisme"))
    needed = [*PARTIES_REQUISES]
    if convention.nature == NatureConvention.TRIPARTITE or Partie.TIERS in signing:
        needed.append(Partie.TIERS)
    known = set(convention.referents.values_list("partie", flat=True))
    for present, what, code in ((signing, "un signataire", "signataire"), (known, "un référent", "referent")):
        missing = [str(partie.label).lower() for partie in needed if partie not in present]
        if missing:
            raise DomainError(f"Il manque {what}\u00a0: {', '.join(missing)}.", code=code)
    if not signing.get(Partie.TIERS, "-").strip():
        raise DomainError("Indiquez l’organisme du tiers signataire.", code="organisme")


def claim_version(convention: Convention, read: int | None) -> None:
    """Take the next version of a convention, if nobody changed it since `read`.

    Raises:
        StaleObject: somebody did.
    """
    taken = Convention.objects.filter(pk=convention.pk, version=read or 0).update(version=F("version") + 1)
    if not taken:
        raise StaleObject(STALE, code="version")
    convention.version = (read or 0) + 1
