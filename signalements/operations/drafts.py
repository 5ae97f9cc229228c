"""The life of a draft: created once, saved as it is typed, deleted on request."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from accounts.memberships import Membership
from accounts.models import Utilisateur
from caisses.enums import Fonction
from caisses.models import Caisse
from documents.operations import withdraw_piece
from partners.models import Convention
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.errors import DomainError
from portal.nir import contains_nir
from portal.reference import new_reference
from portal.tenancy import scope
from portal.ui.text import moment
from portal.workflow import StaleObject
from signalements.enums import Etape, Statut
from signalements.models import Brouillon, Demande
from signalements.operations.departures import mark_taken_over
from signalements.operations.locks import lock_own

DRAWS = 5
LONGEST_STEP = 20_000
"""Characters kept of one step, names of fields included: several times the longest honest one."""


class ClosedService(DomainError):
    """The convention has ended or the function is switched off: nothing can be sent, the draft is kept."""


class AlreadySent(DomainError):
    """The demande is no longer a draft."""


class StaleStep(StaleObject):
    """A colleague has saved the step since this page was shown; `kept` is what stands there, `version` its number."""

    def __init__(self, kept: Mapping[str, list[str]], version: int, nom: str, le: datetime) -> None:
        super().__init__(
            f"{nom} a enregistré cette étape le {moment(le)}, pendant que vous la remplissiez. Rien n’est perdu\u00a0: "
            "votre saisie est conservée ci-dessous. Comparez, puis continuez avec la vôtre ou reprenez la sienne.",
            code="perime",
        )
        self.kept, self.version = kept, version


@dataclass(frozen=True)
class Enregistre:
    """A step was kept: when, and the version a page shows from now on."""

    le: datetime
    version: int


def open_convention(membership: Membership, caisse_id: int, fonction: str) -> Convention:
    """The convention that lets this structure send this kind of demande to this caisse today.

    Raises:
        ClosedService: there is none, or it does not activate the function (decisions.md §1.8, §4.5).
    """
    convention = membership.convention_with(caisse_id)
    if convention is None:
        raise ClosedService(
            "La convention de votre structure avec cette caisse n’est plus active\u00a0: la demande ne peut pas "
            "être envoyée.",
            code="convention",
        )
    if fonction not in convention.fonctions_ouvertes:
        raise ClosedService(
            f"Le service «\u00a0{Fonction(fonction).label}\u00a0» n’est plus ouvert avec cette "
            f"caisse\u00a0: la demande ne "
            "peut pas être envoyée.",
            code="fonction",
        )
    return convention


def create_draft(
    *,
    membership: Membership,
    caisse_id: int,
    fonction: str,
    cle: uuid.UUID,
    etape: str = Etape.PERSONNE,
    donnees: Mapping[str, Mapping[str, list[str]]] | None = None,
) -> Demande:
    """Start a demande at `etape`; the same `cle` gives the same draft, however often it is asked.

    `donnees`: what is filled in from the start, by step.
    Order of effects: convention and function checked, demande and empty draft, journal.

    Raises:
        ClosedService: nothing of this kind can be sent to this caisse.
    """
    convention = open_convention(membership, caisse_id, fonction)
    for _ in range(DRAWS):
        existing = _created_with(membership, cle)
        if existing is not None:
            return existing
        try:
            with transaction.atomic():
                return _insert_draft(membership, convention, fonction, cle, etape, donnees or {})
        except IntegrityError as error:
            # The same key at the same moment, or a reference already drawn: look, then draw again.
            last = error
    raise last


def _created_with(membership: Membership, cle: uuid.UUID) -> Demande | None:
    return Demande.objects.filter(partenaire=membership.structure, cle_creation=cle).first()


def _insert_draft(
    membership: Membership,
    convention: Convention,
    fonction: str,
    cle: uuid.UUID,
    etape: str,
    donnees: Mapping[str, Mapping[str, list[str]]],
) -> Demande:
    now = clock.now()
    demande = Demande.objects.create(
        reference=new_reference(convention.caisse.code),
        fonction=fonction,
        caisse=convention.caisse,
        partenaire=membership.structure,
        convention=convention,
        auteur=membership.user,
        cle_creation=cle,
        cree_le=now,
        modifiee_le=now,
    )
    Brouillon.objects.create(
        demande=demande,
        caisse_id=demande.caisse_id,
        partenaire_id=demande.partenaire_id,
        etape=etape,
        donnees=dict(donnees),
        modifie_par=membership.user,
    )
    record(
        Verbe.CREATION,
        actor=membership,
        caisse_id=demande.caisse_id,
        objet="demande",
        objet_id=demande.reference,
        details={"fonction": fonction},
    )
    return demande


def save_draft(
    *,
    membership: Membership,
    reference: str,
    etape: str,
    saisie: Mapping[str, list[str]],
    suivante: str | None = None,
    version: int | None = None,
) -> Enregistre:
    """Keep what was typed at a step, right or wrong; returns the moment it was kept.

    A field that holds a NIR is the one thing not kept: its earlier text stays (art. 5), and the call ends in
    a refusal once the other fields are saved. `suivante` is the step the draft opens at next.
    `version` is that of the step the page was made from: what a colleague saved since is not overwritten.

    Raises:
        Demande.DoesNotExist: the structure has no such demande.
        AlreadySent: it is no longer a draft.
        StaleStep: a colleague has saved the step meanwhile; nothing is kept.
        DomainError: a field holds a NIR (code « nir »), or the text is absurdly long.
    """
    clean = {name: values for name, values in saisie.items() if not any(map(contains_nir, values))}
    if len(json.dumps(clean, ensure_ascii=False)) > LONGEST_STEP:
        raise DomainError("Ce texte est trop long pour être enregistré.", code="trop_long")
    now = clock.now()
    with transaction.atomic():
        demande = lock_draft(membership, reference)
        brouillon = Brouillon.objects.select_for_update().get(demande=demande)
        kept = brouillon.donnees.get(etape, {})
        if version is not None:
            _refuse_when_overtaken(membership, brouillon, demande.caisse, etape, version)
        refused = {name: kept[name] for name in saisie if name not in clean and name in kept}
        brouillon.donnees = {**brouillon.donnees, etape: clean | refused}
        brouillon.etape = suivante or etape
        brouillon.modifie_par = membership.user
        following = step_version(brouillon, etape) + 1
        saved = {"n": following, "par": membership.user.pk, "le": now.isoformat()}
        brouillon.versions = {**brouillon.versions, etape: saved}
        brouillon.save(update_fields=["donnees", "etape", "modifie_par", "versions"])
        Demande.objects.filter(pk=demande.pk).update(modifiee_le=now)
        # Whoever goes on with the draft of somebody who left is in charge of it.
        mark_taken_over(membership, demande)
    if len(clean) < len(saisie):
        raise DomainError(
            "Un champ contient un numéro de sécurité sociale\u00a0: il n’a pas été enregistré. Retirez ce numéro.",
            code="nir",
        )
    return Enregistre(now, following)


def step_version(brouillon: Brouillon, etape: str) -> int:
    """How often a step was saved: what its page carries."""
    return int(brouillon.versions.get(etape, {}).get("n", 0))


def _refuse_when_overtaken(
    membership: Membership, brouillon: Brouillon, caisse: Caisse, etape: str, version: int
) -> None:
    """One's own other tab overwrites as it always did; a colleague's work is never overwritten unseen."""
    saved = brouillon.versions.get(etape)
    if saved is None or saved["n"] == version or saved["par"] == membership.user.pk:
        return
    colleague = Utilisateur.objects.filter(pk=saved["par"]).first()
    raise StaleStep(
        brouillon.donnees.get(etape, {}),
        saved["n"],
        colleague.get_full_name() if colleague else "Un collègue",
        datetime.fromisoformat(saved["le"]).astimezone(ZoneInfo(caisse.fuseau)),
    )


def lock_draft(membership: Membership, reference: str) -> Demande:
    """Lock a draft of the structure until the end of the transaction.

    Raises:
        Demande.DoesNotExist: the structure has no such demande.
        AlreadySent: it is no longer a draft.
    """
    demande = lock_own(membership, reference)
    if demande.statut != Statut.BROUILLON:
        raise AlreadySent(
            "Cette demande n’est plus un brouillon\u00a0: elle ne peut plus être modifiée.",
            code="deja_envoyee",
        )
    return demande


def delete_draft(*, membership: Membership, reference: str) -> None:
    """Delete a draft, its person, its pièces and their files. The journal keeps its reference.

    Raises:
        Demande.DoesNotExist, AlreadySent: as `lock_draft`.
    """
    with transaction.atomic():
        demande = lock_draft(membership, reference)
        record(
            Verbe.MODIFICATION,
            actor=membership,
            caisse_id=demande.caisse_id,
            objet="demande",
            objet_id=demande.reference,
            details={"acte": "suppression_brouillon"},
        )
        for jointe in demande.pieces_jointes.select_related("piece"):
            jointe.delete()
            withdraw_piece(jointe.piece, retire_par=membership)
        # No role of a tenant may delete rows of the log of statuses, even when there are none.
        with scope("systeme"):
            demande.delete()
