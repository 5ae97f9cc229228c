"""Acts on conventions that the fields alone cannot hold."""

from collections.abc import Iterable

from django.db.models import F

from caisses.models import Caisse
from partners.enums import NATURES_METIER, NatureConvention, Partie
from partners.models import Convention, Partenaire
from portal.errors import DomainError

PARTIES_REQUISES = (Partie.CAISSE, Partie.PARTENAIRE)


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
    same_pair = (adossee_a.caisse_id, adossee_a.partenaire_id) == (caisse.pk, partenaire.pk)
    if adossee_a.nature not in NATURES_METIER or not same_pair:
        raise DomainError(
            "La convention métier doit lier la même caisse et la même structure.",
            field="adossee_a",
            code="adossee_autre",
        )
    absent = set(fonctions) - set(caisse.fonctions_offertes)
    if absent:
        raise DomainError(
            "Votre caisse n’offre pas toutes ces fonctions\u00a0: ouvrez-les d’abord dans ses réglages.",
            field="fonctions",
            code="fonction_fermee",
        )


def check_parties(convention: Convention) -> None:
    """Every party has somebody who signs, and names its référent (art. 8.1, métier art. 4).

    A tripartite convention has a third party that signs too.

    Raises:
        DomainError: a signataire or a référent is missing.
    """
    needed = [*PARTIES_REQUISES]
    if convention.nature == NatureConvention.TRIPARTITE:
        needed.append(Partie.TIERS)
    for named, what in ((convention.signataires, "un signataire"), (convention.referents, "un référent")):
        present = set(named.values_list("partie", flat=True))
        missing = [str(partie.label).lower() for partie in needed if partie not in present]
        if missing:
            raise DomainError(
                f"Il manque {what}\u00a0: {', '.join(missing)}.",
                code=what.rpartition(" ")[2].replace("é", "e"),
            )


def claim_version(convention: Convention, read: int | None) -> None:
    """Take the next version of a convention, if nobody changed it since `read`.

    Raises:
        DomainError: somebody did.
    """
    taken = Convention.objects.filter(pk=convention.pk, version=read or 0).update(version=F("version") + 1)
    if not taken:
        raise DomainError(
            "Quelqu'un a modifié cette convention depuis que vous l’avez ouverte. Vos saisies sont conservées "
            "ci-dessous\u00a0: comparez-les avec la page à jour avant de recommencer.",
            code="version",
        )
    convention.version = (read or 0) + 1
