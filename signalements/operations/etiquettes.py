"""The labels of a caisse: its palette, and putting them on demandes. A structure never learns of them."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.memberships import Membership
from accounts.permissions import Act, can
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.errors import DomainError
from portal.refusals import said_by, when
from signalements.models import Demande, Etiquette, PoseEtiquette
from signalements.operations.door import lock_demande

MOST_LABELS = 40


def create_label(*, actor: Membership, nom: str, ton: str) -> Etiquette:
    """Add a label to the caisse's palette.

    Raises:
        PermissionDenied: only a superviseur keeps the palette.
        DomainError: the name is taken, or the palette is full.
    """
    _require_superviseur(actor)
    with transaction.atomic():
        if Etiquette.objects.palette(actor.caisse_id).count() >= MOST_LABELS:
            raise DomainError(
                f"Votre palette compte déjà {MOST_LABELS} étiquettes\u00a0: retirez-en une d’abord.",
                code="palette_pleine",
            )
        label = Etiquette(caisse=actor.caisse, nom=nom, ton=ton)
        _save(label)
        _journal(actor, label, "creation")
    return label


def change_label(*, actor: Membership, label_id: int, nom: str, ton: str) -> Etiquette:
    """Rename or recolour a label, wherever it stands.

    Raises:
        PermissionDenied: only a superviseur keeps the palette.
        Etiquette.DoesNotExist: not one of the palette.
        DomainError: the name is taken.
    """
    _require_superviseur(actor)
    with transaction.atomic():
        label = _locked(actor, label_id)
        label.nom, label.ton = nom, ton
        _save(label)
        _journal(actor, label, "modification")
    return label


def withdraw_label(*, actor: Membership, label_id: int) -> None:
    """Take a label out of the palette: it disappears from every demande. Its name is free again.

    Raises:
        PermissionDenied: only a superviseur keeps the palette.
        Etiquette.DoesNotExist: not one of the palette.
    """
    _require_superviseur(actor)
    with transaction.atomic():
        label = _locked(actor, label_id)
        label.retiree_le = clock.now()
        label.save(update_fields=["retiree_le"])
        _journal(actor, label, "retrait")


def put_label(*, actor: Membership, demande_id: int, label_id: int, version: int | None = None) -> bool:
    """Put a label of the palette on a demande; whether it was not there yet. Its delay and version do not move.

    Raises:
        Demande.DoesNotExist: there is none for this actor.
        StaleObject: the demande is no longer at `version`.
        DomainError: the label is not of the palette.
    """
    with transaction.atomic():
        demande = lock_demande(actor, demande_id, version=version)
        label = Etiquette.objects.palette(actor.caisse_id).filter(pk=label_id).first()
        if label is None:
            raise DomainError("Cette étiquette n’existe plus.", field="etiquette", code="etiquette_inconnue")
        _, added = PoseEtiquette.objects.get_or_create(
            demande=demande,
            etiquette=label,
            defaults={
                "caisse_id": demande.caisse_id,
                "partenaire_id": demande.partenaire_id,
                "posee_par": actor.user,
                "posee_le": clock.now(),
            },
        )
        if added:
            _journal_on(actor, demande, "etiquette_posee", label_id)
    return added


def remove_label(*, actor: Membership, demande_id: int, label_id: int, version: int | None = None) -> bool:
    """Take a label off a demande; whether it was there.

    Raises:
        Demande.DoesNotExist: there is none for this actor.
        StaleObject: the demande is no longer at `version`.
    """
    with transaction.atomic():
        demande = lock_demande(actor, demande_id, version=version)
        count, _ = PoseEtiquette.objects.filter(demande=demande, etiquette_id=label_id).delete()
        if count:
            _journal_on(actor, demande, "etiquette_retiree", label_id)
    return bool(count)


def _require_superviseur(actor: Membership) -> None:
    if not can(actor, Act.SUPERVISER):
        raise PermissionDenied


def _locked(actor: Membership, label_id: int) -> Etiquette:
    return Etiquette.objects.palette(actor.caisse_id).select_for_update().get(pk=label_id)


def _save(label: Etiquette) -> None:
    taken = DomainError("Une étiquette porte déjà ce nom.", field="nom", code="nom_pris")
    with said_by(when("etiquette_unique", refusal=taken)):
        label.save()


def _journal(actor: Membership, label: Etiquette, acte: str) -> None:
    verbe = Verbe.CREATION if acte == "creation" else Verbe.MODIFICATION
    record(verbe, actor=actor, objet="etiquette", objet_id=label.pk, details={"acte": acte})


def _journal_on(actor: Membership, demande: Demande, acte: str, label_id: int) -> None:
    record(
        Verbe.MODIFICATION,
        actor=actor,
        partenaire_id=demande.partenaire_id,
        objet="demande",
        objet_id=demande.reference,
        details={"acte": acte, "etiquette": label_id},
    )
