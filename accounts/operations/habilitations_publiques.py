"""The public form by which a structure that has signed asks for its first gestionnaire (art. 2.2.1).

The asker has no account: SIRET, reference of the convention and an address of the structure's domains stand for one,
and a link sent there must be opened before the caisse sees anything. Nothing tells whether the structure is known.
"""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.courriels import HABILITATION_A_CONFIRMER, HABILITATION_ENREGISTREE
from accounts.enums import HABILITATIONS_OUVERTES, NatureHabilitation, StatutHabilitation
from accounts.models import DemandeHabilitation
from accounts.operations.comptes import Identite
from accounts.operations.habilitations import (
    OBJET,
    already_asked,
    change_status,
    journal,
    own_reference,
    tell_caisse,
)
from accounts.operations.invitations import SAME_REQUEST
from accounts.tokens import opens_habilitation
from accounts.transitions import HOLDER
from partners.models import Convention
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.courriels.outbox import queue
from portal.courriels.types import TypeCourriel
from portal.errors import DomainError
from portal.tenancy import scope
from portal.validators import check_professional_email
from portal.workflow import lock

N, S = NatureHabilitation, StatutHabilitation
PERIME = "Ce lien n’est plus valable."


def request_publicly(*, siret: str, convention: str, identite: Identite, address: str | None = None) -> None:
    """Somebody fills the public form; what happens shows only in the mailbox of the address given.

    Known structure, convention d'utilisation in force of that reference, address in its domains: a link leaves to
    confirm the request, again at most every five minutes; a request the caisse already has gets its link again.
    Otherwise nothing but a row of the journal.
    """
    with scope("systeme"), transaction.atomic():
        found = _signed(siret, convention)
        if found is None or not _is_theirs(found, identite.courriel):
            record(Verbe.COMPTE, objet=OBJET, details={"acte": "formulaire_inconnu"}, adresse=address)
            return
        open_ones = DemandeHabilitation.objects.filter(
            nature=N.CREATION,
            partenaire=found.partenaire,
            courriel=identite.courriel,
            statut__in=(S.A_CONFIRMER, *HABILITATIONS_OUVERTES),
        )
        known = (
            open_ones.select_for_update(of=("self",))
            .select_related("caisse")
            .order_by("-statut", "pk")
            .first()
        )
        if known is None:
            known = DemandeHabilitation.objects.create(
                reference=own_reference(found.caisse),
                nature=N.CREATION,
                statut=S.A_CONFIRMER,
                caisse=found.caisse,
                partenaire=found.partenaire,
                cree_le=clock.now(),
                **asdict(identite),
            )
        elif known.statut == S.A_CONFIRMER and _is_old(known):
            _replace(known, identite)
        journal(known, "formulaire", role=HOLDER, address=address)
        _send_link(known)


def confirm_request(
    demande: DemandeHabilitation, token: str, *, address: str | None = None
) -> DemandeHabilitation:
    """The link was opened and the request confirmed: it reaches the caisse, whose clock starts.

    Raises:
        DomainError: the link is used, replaced or too old, or the caisse has a request for this address.
    """
    with scope("systeme"), transaction.atomic():
        locked = _opened(demande, token)
        with already_asked():
            change_status(locked, S.DEMANDEE, role=HOLDER, address=address)
        tell_caisse(locked)
        _tell_asker(locked, HABILITATION_ENREGISTREE)
    return locked


def complete_publicly(
    demande: DemandeHabilitation,
    token: str,
    *,
    values: dict[str, Any],
    version: int | None,
    address: str | None = None,
) -> DemandeHabilitation:
    """Give the caisse what it asked for, from the page of the link; the address, which was confirmed, stays.

    Raises:
        DomainError: the link is no longer good, or nothing was asked for.
        StaleObject: it changed meanwhile.
    """
    with scope("systeme"), transaction.atomic():
        locked = _opened(demande, token, version=version)
        given = {name: value for name, value in values.items() if name != "courriel"}
        change_status(locked, S.DEMANDEE, role=HOLDER, changes=given, address=address)
        tell_caisse(locked)
    return locked


def public_request(reference: str, token: str | None) -> DemandeHabilitation | None:
    """The request whose link this is, or None when the link is no longer good."""
    with scope("systeme"), transaction.atomic():
        rows = DemandeHabilitation.objects.select_related("caisse", "partenaire")
        demande = rows.filter(reference=reference).first()
    return demande if opens_habilitation(demande, token) else None


def drop_unconfirmed(limit: int) -> int:
    """Delete the requests nobody confirmed in time; how many. They reached no caisse."""
    cutoff = clock.now() - timedelta(seconds=settings.ACTIVATION_TIMEOUT)
    old = DemandeHabilitation.objects.filter(statut=S.A_CONFIRMER, cree_le__lt=cutoff)
    deleted, _ = DemandeHabilitation.objects.filter(pk__in=old.values("pk")[:limit]).delete()
    return deleted


def _signed(siret: str, reference: str) -> Convention | None:
    """The convention d'utilisation in force of this structure and reference; a structure cut for security has none."""
    rows = Convention.objects.utilisations().select_related("partenaire", "caisse", "adossee_a")
    found = rows.filter(
        partenaire__siret=siret, reference__iexact=reference.strip(), partenaire__suspendu_le=None
    ).first()
    return found if found is not None and found.opens_on(found.caisse.today()) else None


def _is_theirs(convention: Convention, courriel: str) -> bool:
    try:
        return check_professional_email(courriel, convention.partenaire.domaines_autorises) == courriel
    except ValidationError:
        return False


def _is_old(demande: DemandeHabilitation) -> bool:
    return (clock.now() - demande.cree_le).total_seconds() >= SAME_REQUEST


def _replace(demande: DemandeHabilitation, identite: Identite) -> None:
    """A new mail leaves: the link of before stops working, and what was typed last is what it confirms."""
    values = {**asdict(identite), "cree_le": clock.now(), "version": demande.version + 1}
    for name, value in values.items():
        setattr(demande, name, value)
    demande.save(update_fields=[*values])


def _send_link(demande: DemandeHabilitation) -> None:
    if demande.statut == S.A_CONFIRMER:
        _tell_asker(demande, HABILITATION_A_CONFIRMER, slot=demande.cree_le.isoformat())
    elif demande.demandeur_id is None:
        slot = int(clock.now().timestamp()) // SAME_REQUEST
        _tell_asker(demande, HABILITATION_ENREGISTREE, slot=f"renvoi:{slot}")


def _tell_asker(demande: DemandeHabilitation, kind: TypeCourriel, slot: str = "") -> None:
    hours = {"heures": settings.ACTIVATION_TIMEOUT // 3600} if kind is HABILITATION_A_CONFIRMER else {}
    queue(
        kind,
        cle=f"{demande.pk}:{slot or demande.version}",
        equipe=demande.courriel,
        reference=demande.reference,
        donnees={"demande": demande.pk, **hours},
        caisse_id=demande.caisse_id,
        partenaire_id=demande.partenaire_id,
    )


def _opened(demande: DemandeHabilitation, token: str, *, version: int | None = None) -> DemandeHabilitation:
    rows = DemandeHabilitation.objects.select_related("caisse", "partenaire")
    locked = lock(rows, demande.pk, version=version)
    if not opens_habilitation(locked, token):
        raise DomainError(PERIME, code="lien_perime")
    return locked
