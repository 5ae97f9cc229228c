"""Requests about the gestionnaires of a structure, as those who ask make them (art. 2.2.1 to 2.2.3).

By the public form of a structure that has signed, or by one of its gestionnaires. The caisse's answers are in
`decisions`.
"""

import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from accounts.courriels import HABILITATION_RECUE
from accounts.enums import MotifInactivation, NatureHabilitation, Profil, StatutHabilitation
from accounts.memberships import Membership
from accounts.models import DemandeHabilitation, Utilisateur
from accounts.operations import comptes
from accounts.operations.adresses import pending_address
from accounts.operations.comptes import MODIFIABLES, Identite
from accounts.permissions import Act, can
from accounts.rules import PREAVIS_DEPART_JOURS, consumed
from accounts.transitions import HABILITATIONS
from caisses.models import Caisse
from partners.models import Partenaire
from portal import clock
from portal.audit.journal import Actor, record
from portal.audit.models import Verbe
from portal.courriels.outbox import queue
from portal.errors import DomainError
from portal.reference import new_reference
from portal.refusals import said_by
from portal.tenancy import scope
from portal.workflow import ClockEffect, Transition, apply_transition, lock

N, S = NatureHabilitation, StatutHabilitation
OBJET = "demandehabilitation"
MOTIFS_DEPART = (MotifInactivation.DEPART, MotifInactivation.CHANGEMENT)
"""Why a gestionnaire leaves in the ordinary way; the rest is a security cut."""
IDENTITE = ("civilite", "nom", "prenom", "fonction", "telephone", "courriel")


def request_habilitation(
    *, actor: Membership, caisse: Caisse, identite: Identite, cle: uuid.UUID
) -> DemandeHabilitation:
    """Ask the caisse to habilitate one more gestionnaire (art. 2.2.1); the quota is checked when it accepts.

    Asked again with the same `cle` it gives the first request. Order of effects: request, journal, mail to the caisse.

    Raises:
        DomainError: not a gestionnaire, no convention with this caisse, an address refused or already asked for.
    """
    partenaire = _structure(actor, caisse)
    values = asdict(identite)
    values["courriel"] = comptes.professional_address(partenaire, identite.courriel)
    return _ask(actor, caisse, partenaire, cle, nature=N.CREATION, **values)


def request_modification(
    *, actor: Membership, compte: Utilisateur, caisse: Caisse, changes: Mapping[str, str], cle: uuid.UUID
) -> DemandeHabilitation:
    """Ask the caisse to change the name, fonction, telephone or address of a gestionnaire (art. 2.2.2).

    Only what differs is kept.

    Raises:
        DomainError: not a gestionnaire of one's structure, nothing to change, another field, an address refused, a
            request already under way.
    """
    partenaire = _structure(actor, caisse)
    _ensure_gestionnaire(actor, compte)
    asked = wanted_changes(partenaire, compte, changes)
    return _ask(actor, caisse, partenaire, cle, nature=N.MODIFICATION, compte=compte, **asked)


def request_departure(
    *,
    actor: Membership,
    compte: Utilisateur,
    caisse: Caisse,
    le: date,
    motif: MotifInactivation,
    cle: uuid.UUID,
    successeur: Identite | None = None,
) -> DemandeHabilitation:
    """Announce the departure of a gestionnaire, fifteen days before the wanted date at least (art. 2.2.3-d).

    The last one to stay needs a successor, whose habilitation is asked for with it (art. 2.2.3-e); the techniciens
    stay with the structure.

    Raises:
        DomainError: not a gestionnaire of one's structure, too soon, not an ordinary reason, the last one without a
            successor, or already announced.
    """
    partenaire = _structure(actor, caisse)
    _ensure_gestionnaire(actor, compte)
    check_departure_date(caisse, le)
    if motif not in MOTIFS_DEPART:
        raise DomainError("Choisissez un motif de la liste.", field="motif", code="motif")
    if successeur is None and is_last_to_stay(partenaire, compte):
        raise DomainError(
            "C’est le seul gestionnaire qui reste\u00a0: donnez l’identité de son remplaçant.",
            field="nom",
            code="dernier_gestionnaire",
        )
    if DemandeHabilitation.objects.leaving().filter(compte=compte).exclude(cle=cle).exists():
        raise DomainError("Le départ de ce gestionnaire est déjà demandé.", code="deja_demandee")
    with transaction.atomic():
        asked: dict[str, Any] = {"compte": compte, "date_souhaitee": le, "motif": motif}
        if successeur is not None:
            asked["successeur"] = request_habilitation(
                actor=actor, caisse=caisse, identite=successeur, cle=uuid.uuid5(cle, "successeur")
            )
        return _ask(actor, caisse, partenaire, cle, nature=N.INACTIVATION, **asked)


def complete_request(
    *, actor: Membership, demande: DemandeHabilitation, values: Mapping[str, Any], version: int | None
) -> DemandeHabilitation:
    """Give the caisse what it asked for: the clock goes on where it stopped.

    `values`: the fields asked for again, as the request of this nature takes them.

    Raises:
        DomainError: not one's own, not to be completed, or a value refused.
        StaleObject: it changed meanwhile.
    """
    partenaire = _structure(actor, demande.caisse)
    given = dict(values)
    if demande.nature == N.MODIFICATION and demande.compte is not None:
        given = {**dict.fromkeys(MODIFIABLES, ""), **wanted_changes(partenaire, demande.compte, given)}
    elif demande.nature == N.INACTIVATION:
        check_departure_date(demande.caisse, given["date_souhaitee"])
    else:
        given["courriel"] = comptes.professional_address(partenaire, given["courriel"])
    with transaction.atomic():
        locked = lock(_rows(actor), demande.pk, version=version)
        with already_asked():
            change_status(locked, S.DEMANDEE, role=actor.role, actor=actor, changes=given)
        tell_caisse(locked)
    return locked


def withdraw_request(
    *, actor: Membership, demande: DemandeHabilitation, version: int | None
) -> DemandeHabilitation:
    """Give up a request the caisse has not answered, or a departure it accepted that has not happened yet.

    The habilitation asked for a successor is a request of its own, and stays. Order of effects: status, journal.

    Raises:
        DomainError: not one's own, or already answered or done.
        StaleObject: it changed meanwhile.
    """
    if not can(actor, Act.DEMANDER_HABILITATION):
        raise DomainError("Seul un gestionnaire de la structure retire cette demande.", code="role")
    with transaction.atomic():
        locked = lock(_rows(actor), demande.pk, version=version)
        if not locked.retirable:
            raise DomainError("La caisse a déjà répondu à cette demande.", code="deja_decidee")
        change_status(locked, S.RETIREE, role=actor.role, actor=actor, changes={"decidee_le": clock.now()})
    return locked


def wanted_changes(partenaire: Partenaire, compte: Utilisateur, changes: Mapping[str, str]) -> dict[str, str]:
    """Those of the four fields that differ from the account's, checked.

    Raises:
        DomainError: another field, an address refused, or nothing differs.
    """
    if set(changes) - set(MODIFIABLES):
        raise DomainError(
            "Seuls le nom, la fonction, le téléphone et l’adresse peuvent changer.", code="champ"
        )
    asked = {name: value for name, value in changes.items() if value != getattr(compte, name)}
    if asked.get("courriel"):
        asked["courriel"] = comptes.professional_address(partenaire, asked["courriel"])
        if asked["courriel"] in {compte.courriel, pending_address(compte)}:
            del asked["courriel"]
    if not asked:
        raise DomainError("Rien ne change\u00a0: modifiez au moins un champ.", code="inchangee")
    return asked


def check_departure_date(caisse: Caisse, le: date) -> None:
    """Refuse a departure announced less than fifteen days before (art. 2.2.3-d).

    Raises:
        DomainError: on the date.
    """
    first = caisse.today() + timedelta(days=PREAVIS_DEPART_JOURS)
    if le < first:
        raise DomainError(
            f"Un départ se signale quinze jours avant\u00a0: au plus tôt le {first:%d/%m/%Y}. "
            "S’il est plus proche, appelez la caisse.",
            field="date_souhaitee",
            code="trop_tot",
        )


def is_last_to_stay(
    partenaire: Partenaire, compte: Utilisateur, leaving: QuerySet[DemandeHabilitation] | None = None
) -> bool:
    """Whether no other active gestionnaire stays: those who are `leaving` (asked for or accepted) do not count."""
    rows = DemandeHabilitation.objects.leaving() if leaving is None else leaving
    going = rows.filter(partenaire=partenaire).values("compte_id")
    others = Utilisateur.objects.of_partenaire(partenaire).gestionnaires().filter(is_active=True)
    return not others.exclude(pk=compte.pk).exclude(pk__in=going).exists()


def change_status(
    demande: DemandeHabilitation,
    target: str,
    *,
    role: str,
    actor: Actor | None = None,
    comment: str = "",
    changes: dict[str, Any] | None = None,
    address: str | None = None,
) -> Transition:
    """Bring a locked request to `target` by its table: its clock moves, the journal tells.

    Raises:
        ForbiddenTransition: the table holds no such change for `role`.
        DomainError: a message is due.
    """

    def log(row: DemandeHabilitation, transition: Transition) -> None:
        journal(
            row,
            "statut",
            actor=actor,
            role=role,
            de=transition.source,
            vers=transition.target,
            address=address,
        )

    return apply_transition(
        demande,
        target,
        table=HABILITATIONS,
        role=role,
        comment=comment,
        changes=changes,
        move_clock=_move_clock,
        log=log,
    )


def _move_clock(demande: DemandeHabilitation, transition: Transition) -> tuple[str, ...]:
    """The delay runs from the complete request; it stands still while the structure completes it."""
    now = clock.now()
    if transition.clock is ClockEffect.START:
        demande.recue_le = demande.delai_depuis = now
        return ("recue_le", "delai_depuis")
    if transition.clock is ClockEffect.RESUME:
        demande.delai_depuis = now
        return ("delai_depuis",)
    demande.delai_consomme = consumed(demande)
    demande.delai_depuis = None
    return ("delai_consomme", "delai_depuis")


def journal(
    demande: DemandeHabilitation,
    acte: str,
    *,
    actor: Actor | None = None,
    role: str = "",
    address: str | None = None,
    **details: object,
) -> None:
    """One event of the journal about a request: codes and numbers, never who it names."""
    record(
        Verbe.COMPTE,
        actor=actor,
        role=role,
        caisse_id=demande.caisse_id,
        partenaire_id=demande.partenaire_id,
        objet=OBJET,
        objet_id=demande.pk,
        details={"acte": acte, "reference": demande.reference, "nature": demande.nature, **details},
        adresse=address,
    )


def tell_caisse(demande: DemandeHabilitation) -> None:
    """Write to the administrators of the caisse: a request waits for them."""
    with scope("systeme"):
        # A structure does not know the accounts of a caisse.
        admins = Utilisateur.objects.of_caisse(demande.caisse_id).filter(profil=Profil.ADMIN_CAISSE)
        ids = list(admins.filter(is_active=True).values_list("pk", flat=True))
    queue(
        HABILITATION_RECUE,
        cle=f"{demande.pk}:{demande.version}",
        destinataires=ids,
        reference=demande.reference,
        lien=reverse("admin:accounts_demandehabilitation_change", args=[demande.pk]),
        caisse_id=demande.caisse_id,
        partenaire_id=demande.partenaire_id,
    )


def own_reference(caisse: Caisse) -> str:
    """A reference of its own family: « HAB-251-7K3M2-42 »."""
    return new_reference(caisse.code).replace("EP", "HAB", 1)


def already_asked() -> AbstractContextManager[None]:
    """Turn the refusal of a second request about the same thing into a sentence, the transaction left usable."""

    def refusal(constraint: str) -> DomainError | None:
        sentences = {
            row.name: str(row.violation_error_message) for row in DemandeHabilitation._meta.constraints
        }
        if constraint.endswith("_unique") and constraint in sentences:
            return DomainError(sentences[constraint], code="deja_demandee")
        return None

    return said_by(refusal)


def _ask(
    actor: Membership, caisse: Caisse, partenaire: Partenaire, cle: uuid.UUID, **values: Any
) -> DemandeHabilitation:
    """Store a request that is complete, start its clock, journal, tell the caisse; once for each `cle`."""
    known = DemandeHabilitation.objects.visible_to(actor).filter(cle=cle).first()
    if known is not None:
        return known
    now = clock.now()
    with already_asked():
        demande = DemandeHabilitation.objects.create(
            reference=own_reference(caisse),
            cle=cle,
            statut=S.DEMANDEE,
            caisse=caisse,
            partenaire=partenaire,
            demandeur=actor.user,
            cree_le=now,
            recue_le=now,
            delai_depuis=now,
            **values,
        )
    journal(demande, "demande", actor=actor)
    tell_caisse(demande)
    return demande


def _structure(actor: Membership, caisse: Caisse) -> Partenaire:
    if not can(actor, Act.DEMANDER_HABILITATION) or actor.partenaire is None:
        raise DomainError("Seul un gestionnaire de la structure fait cette demande.", code="role")
    if caisse.pk not in actor.caisses_ouvertes:
        raise DomainError(
            "Aucune convention en vigueur ne vous lie à cette caisse.", field="caisse", code="convention"
        )
    return actor.partenaire


def _ensure_gestionnaire(actor: Membership, compte: Utilisateur) -> None:
    comptes.ensure_within(actor, compte, Profil.GESTIONNAIRE)
    if not compte.is_active:
        raise DomainError("Ce compte est inactif.", code="inactif")


def _rows(actor: Membership) -> Any:
    return DemandeHabilitation.objects.visible_to(actor).select_related("caisse", "partenaire")
