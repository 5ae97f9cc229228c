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


def check_activation(convention: Convention) -> None:
    """A convention takes effect once every party has signed, and each names its référent (art. 8.1).

    Raises:
        DomainError: a signature or a référent is missing.
    """
    signataires = list(convention.signataires.all())
    missing = [str(p.label).lower() for p in PARTIES_REQUISES if p not in {s.partie for s in signataires}]
    if missing:
        raise DomainError(
            f"Il manque un signataire\u00a0: {', '.join(missing)}.", field="etat", code="signataire"
        )
    if any(s.signee_le is None for s in signataires):
        raise DomainError(
            "La convention ne peut être active qu’une fois signée par toutes les parties\u00a0: "
            "saisissez la date de chaque signature.",
            field="etat",
            code="signature",
        )
    named = set(convention.referents.values_list("partie", flat=True))
    missing = [str(p.label).lower() for p in PARTIES_REQUISES if p not in named]
    if missing:
        raise DomainError(
            f"Il manque un référent\u00a0: {', '.join(missing)}.", field="etat", code="referent"
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
