"""Avenants: what changes in a convention, in force once every party has signed (art. 8.3, métier art. 9.3)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from caisses.enums import Fonction
from partners.enums import (
    VIVANTES,
    ActeConvention,
    DepartDelai,
    NatureConvention,
    RegimePreavis,
)
from partners.models import Avenant, Convention, Partenaire, SignatureAvenant
from partners.operations.conventions import check_utilisation
from partners.operations.door import lock_convention, log_act
from partners.operations.signature import put_date
from portal import clock
from portal.audit.journal import Actor, record
from portal.audit.models import Verbe
from portal.errors import DomainError

OF_CONVENTION = (
    "fonctions",
    "documents_sortants",
    "regime_preavis",
    "preavis_mois",
    "mise_en_demeure_jours",
    "mise_en_demeure_depart",
)
OF_STRUCTURE = ("nombre_membres",)
CHANGEABLES = (*OF_CONVENTION, *OF_STRUCTURE)
"""What an avenant may change; the parties, the nature and the text's objectives are not among them (art. 8.3)."""


def draft_avenant(
    *,
    actor: Actor,
    convention: Convention,
    objet: str,
    texte: str = "",
    changements: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> Avenant:
    """Write the next avenant of a convention in force; those who signed the convention are to sign it.

    `changements` gives the new value of each field it changes; those that stay as they are count for nothing.

    Raises:
        DomainError: not in force, another avenant in signature, nothing changed nor written, a field that an avenant
            does not change, a function not offered or not of the level, nobody to sign.
        StaleObject: it changed meanwhile.
    """
    with transaction.atomic():
        locked = lock_convention(actor, convention.pk, version=version)
        if locked.etat not in VIVANTES:
            raise DomainError("Un avenant modifie une convention en vigueur.", code="pas_en_vigueur")
        if locked.avenants.filter(date=None, abandonne_le=None).exists():
            raise DomainError("Un avenant est déjà en signature pour cette convention.", code="deja_ouvert")
        changed = _changed(locked, changements or {})
        if not changed and not texte.strip():
            raise DomainError(
                "Cet avenant ne change rien\u00a0: écrivez ce qu’il modifie.", field="texte", code="vide"
            )
        _check(locked, changed)
        signatures = [
            SignatureAvenant(partie=row.partie, organisme=row.organisme, nom=row.nom, qualite=row.qualite)
            for row in locked.signataires.all()
        ]
        if not signatures:
            raise DomainError("Cette convention n’a pas de signataire.", code="signataire")
        last = locked.avenants.order_by("-numero").values_list("numero", flat=True).first() or 0
        avenant = Avenant.objects.create(
            convention=locked,
            numero=last + 1,
            objet=objet.strip(),
            texte=texte.strip(),
            changements=changed,
            redige_le=clock.now(),
        )
        for signature in signatures:
            signature.avenant = avenant
        SignatureAvenant.objects.bulk_create(signatures)
        _log(locked, actor, f"Avenant n°\u00a0{avenant.numero} rédigé\u00a0: {avenant.objet}")
    return avenant


def sign_avenant(*, actor: Actor, convention: Convention, signature: SignatureAvenant, le: date) -> Avenant:
    """Record that a party signed the avenant in signature; with the last one it takes effect.

    Order of effects: signature, log, then the fields of the convention or of the structure, log, journal.

    Raises:
        DomainError: no avenant in signature, a signature of another one or recorded already, a day to come, a
            function no longer offered or not of the level.
    """
    with transaction.atomic():
        locked = lock_convention(actor, convention.pk)
        if locked.etat not in VIVANTES:
            raise DomainError("Cette convention n’est plus en vigueur.", code="pas_en_vigueur")
        avenant = _open(locked)
        signing = avenant.signatures.select_for_update().filter(pk=signature.pk).first()
        if signing is None:
            raise DomainError("Ce signataire n’est pas de cet avenant.", field="signature", code="signataire")
        put_date(signing, le, today=locked.caisse.today(), field="signature")
        log_act(
            locked,
            ActeConvention.SIGNATURE,
            actor=actor,
            jour=le,
            partie=signing.partie,
            commentaire=f"Avenant n°\u00a0{avenant.numero}",
        )
        dates = list(avenant.signatures.values_list("signee_le", flat=True))
        if all(dates):
            _take_effect(actor, locked, avenant, max(day for day in dates if day is not None))
    return avenant


def abandon_avenant(
    *, actor: Actor, convention: Convention, commentaire: str, version: int | None = None
) -> Avenant:
    """Give up the avenant in signature: it stays in the list, and changes nothing.

    Raises:
        DomainError: no avenant in signature, no reason.
        StaleObject: the convention changed meanwhile.
    """
    with transaction.atomic():
        locked = lock_convention(actor, convention.pk, version=version)
        avenant = _open(locked)
        if not commentaire.strip():
            raise DomainError("Indiquez la raison.", field="commentaire", code="commentaire_requis")
        avenant.abandonne_le = locked.caisse.today()
        avenant.save(update_fields=["abandonne_le"])
        _log(locked, actor, f"Avenant n°\u00a0{avenant.numero} abandonné\u00a0: {commentaire.strip()}")
    return avenant


def changes_in_words(changements: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What an avenant changes: the name of each field, with its new value in words."""
    words = []
    for name in CHANGEABLES:
        if name not in changements:
            continue
        value, model = changements[name], Partenaire if name in OF_STRUCTURE else Convention
        label = str(getattr(model._meta.get_field(name), "verbose_name", name))
        words.append((label[:1].upper() + label[1:], _words(name, value)))
    return words


def _words(name: str, value: Any) -> str:
    if name == "fonctions":
        return ", ".join(str(Fonction(code).label) for code in value) or "aucune"
    if name == "documents_sortants":
        return "oui" if value else "non"
    if name == "regime_preavis":
        return str(RegimePreavis(value).label)
    if name == "mise_en_demeure_depart":
        return str(DepartDelai(value).label)
    return "–" if value is None else str(value)


def _changed(convention: Convention, changements: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(changements) - set(CHANGEABLES)
    if unknown:
        raise DomainError(
            "Un avenant ne change ni les parties, ni la nature, ni les objectifs de la convention.",
            code="objectifs",
        )
    held: dict[str, Any] = {name: getattr(convention, name) for name in OF_CONVENTION}
    held |= {name: getattr(convention.partenaire, name) for name in OF_STRUCTURE}
    held["fonctions"] = sorted(held["fonctions"])
    given = {name: sorted(value) if name == "fonctions" else value for name, value in changements.items()}
    return {name: value for name, value in given.items() if value != held[name]}


def _check(convention: Convention, changed: Mapping[str, Any]) -> None:
    if "fonctions" in changed:
        if convention.nature != NatureConvention.UTILISATION:
            raise DomainError(
                "Seule une convention d’utilisation active des fonctions.", field="fonctions", code="nature"
            )
        check_utilisation(
            caisse=convention.caisse,
            partenaire=convention.partenaire,
            nature=convention.nature,
            adossee_a=convention.adossee_a,
            fonctions=changed["fonctions"],
        )
    if changed.get("documents_sortants") and convention.nature != NatureConvention.UTILISATION:
        raise DomainError(
            "Seule une convention d’utilisation autorise les documents sortants.",
            field="documents_sortants",
            code="nature",
        )
    if changed.get("nombre_membres") is not None and changed["nombre_membres"] < 1:
        raise DomainError(
            "Une structure compte au moins un membre.", field="nombre_membres", code="nombre_membres"
        )


def _take_effect(actor: Actor, convention: Convention, avenant: Avenant, day: date) -> None:
    _check(convention, avenant.changements)
    avenant.date = day
    avenant.save(update_fields=["date"])
    changes = {name: value for name, value in avenant.changements.items() if name in OF_CONVENTION}
    words = f"Avenant n°\u00a0{avenant.numero} en vigueur\u00a0: {avenant.objet}"
    log_act(convention, ActeConvention.AVENANT, actor=actor, changes=changes, jour=day, commentaire=words)
    members = avenant.changements.get("nombre_membres")
    if members is not None:
        structure = convention.partenaire
        structure.nombre_membres = members
        structure.save(update_fields=["nombre_membres"])
        record(
            Verbe.MODIFICATION,
            actor=actor,
            caisse_id=convention.caisse_id,
            partenaire_id=structure.pk,
            objet="partenaire",
            objet_id=structure.pk,
            details={"champs": ["nombre_membres"], "avenant": avenant.pk},
        )


def _open(convention: Convention) -> Avenant:
    avenant = convention.avenants.select_for_update().filter(date=None, abandonne_le=None).first()
    if avenant is None:
        raise DomainError("Aucun avenant n’est en signature.", code="sans_avenant")
    return avenant


def _log(convention: Convention, actor: Actor, words: str) -> None:
    log_act(convention, ActeConvention.AVENANT, actor=actor, commentaire=words)
