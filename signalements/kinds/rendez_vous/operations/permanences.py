"""Permanences: proposed by the caisse, validated by the structure, filled, told of."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.db import models, transaction

from accounts.enums import Profil
from accounts.memberships import Membership
from accounts.models import RolePartenaire
from caisses.models import Caisse
from partners.models import Convention
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.courriels.outbox import queue
from portal.courriels.types import TypeCourriel
from portal.errors import DomainError
from portal.workflow import lock
from signalements.enums import STATUTS_OUVERTS
from signalements.kinds.rendez_vous import courriels
from signalements.kinds.rendez_vous.dates import check_day, is_open
from signalements.kinds.rendez_vous.enums import EtatPermanence, NaturePermanence
from signalements.kinds.rendez_vous.models import DossierSeance, Permanence, Seance
from signalements.models import Demande

MOST_SEANCES = 60
PAGE = "/espace-partenaire/rendez-vous/permanences/"
E = EtatPermanence


def propose_permanence(*, actor: Membership, permanence: Permanence) -> Permanence:
    """Propose a permanence to a structure with an open convention.

    Order of effects: convention, days, permanence, journal, mail to the techniciens of the structure.

    Raises:
        DomainError: no open convention, a day that is past or closed, no day at all, hours the wrong way round.
    """
    caisse = actor.caisse
    if caisse is None or permanence.caisse_id != caisse.pk:
        raise DomainError("Cette permanence n’est pas de votre caisse.", code="autre_caisse")
    opened = Convention.objects.utilisations().filter(caisse=caisse, partenaire=permanence.partenaire_id)
    if not any(convention.opens_on(caisse.today()) for convention in opened):
        raise DomainError(
            "Cette structure n’a pas de convention ouverte avec votre caisse.",
            field="partenaire",
            code="convention",
        )
    check_day(caisse, permanence.du, "du")
    if permanence.heure_fin <= permanence.heure_debut:
        raise DomainError("La fin vient après le début.", field="heure_fin", code="fin")
    if permanence.nature == NaturePermanence.PONCTUELLE:
        permanence.au, permanence.jours = permanence.du, []
    if not list(days_of(permanence, caisse)):
        raise DomainError("Aucun jour ouvert dans cette période.", field="jours", code="aucun_jour")
    with transaction.atomic():
        permanence.etat, permanence.proposee_le = E.PROPOSEE, clock.now()
        permanence.proposee_par = actor.user
        permanence.save()
        _journal(actor, permanence, Verbe.CREATION, "proposition")
        _tell_structure(permanence, courriels.PERMANENCE_PROPOSEE, "proposition")
    return permanence


def days_of(permanence: Permanence, caisse: Caisse) -> Iterator[date]:
    """The days of a permanence, those on which the caisse is closed left out; at most MOST_SEANCES."""
    if permanence.nature == NaturePermanence.PONCTUELLE:
        if is_open(caisse, permanence.du):
            yield permanence.du
        return
    monday = permanence.du - timedelta(days=permanence.du.weekday())
    day, found = permanence.du, 0
    while day <= permanence.au and found < MOST_SEANCES:
        turn = ((day - monday).days // 7) % permanence.semaines == 0
        if turn and day.isoweekday() in permanence.jours and is_open(caisse, day):
            found += 1
            yield day
        day += timedelta(days=1)


def answer_permanence(
    *,
    membership: Membership,
    permanence_id: int,
    accepte: bool,
    raison: str = "",
    accompagnants: str = "",
    version: int,
) -> Permanence:
    """Validate or refuse what the caisse proposes; validated, its days exist. Given again, it changes nothing.

    `accompagnants` says which social workers of the structure will be there (SIAO-4-4-s).

    Raises:
        Permanence.DoesNotExist: none for this structure.
        StaleObject: it changed since the page was shown.
        DomainError: it was answered or cancelled already, or a refusal has no reason.
    """
    wanted = E.VALIDEE if accepte else E.REFUSEE
    with transaction.atomic():
        own = Permanence.objects.filter(
            partenaire=membership.structure, caisse_id__in=membership.caisses_ouvertes
        )
        permanence = lock(own.select_related("caisse"), permanence_id)
        if permanence.etat == wanted:
            return permanence
        permanence = lock(own.select_related("caisse"), permanence_id, version=version)
        if permanence.etat != E.PROPOSEE:
            raise DomainError("Cette permanence n’attend plus de réponse.", code="deja_repondu")
        if not accepte and not raison.strip():
            raise DomainError("Indiquez la raison.", field="raison", code="raison")
        permanence.decidee_le, permanence.decidee_par = clock.now(), membership.user
        permanence.accompagnants = accompagnants.strip() if accepte else ""
        _move(permanence, wanted, raison)
        if accepte:
            tenant = {"caisse_id": permanence.caisse_id, "partenaire_id": permanence.partenaire_id}
            Seance.objects.bulk_create(
                Seance(permanence=permanence, jour=jour, **tenant)
                for jour in days_of(permanence, permanence.caisse)
            )
        _journal(membership, permanence, Verbe.TRANSITION, wanted.value)
    return permanence


def cancel_permanence(*, actor: Membership, permanence_id: int, raison: str, version: int) -> Permanence:
    """Cancel a permanence, by either side; what took place keeps its bilan.

    Raises:
        Permanence.DoesNotExist: none for this actor.
        StaleObject: it changed since the page was shown.
        DomainError: it is over already, or there is no reason.
    """
    if not raison.strip():
        raise DomainError("Indiquez la raison.", field="raison", code="raison")
    with transaction.atomic():
        permanence = lock(_own(actor).select_related("caisse"), permanence_id, version=version)
        if permanence.etat not in {E.PROPOSEE, E.VALIDEE}:
            raise DomainError("Cette permanence est déjà close.", code="close")
        _move(permanence, E.ANNULEE, raison)
        _journal(actor, permanence, Verbe.TRANSITION, E.ANNULEE.value)
        if actor.caisse_id is not None:
            _tell_structure(permanence, courriels.PERMANENCE_ANNULEE, "annulation")
    return permanence


def group_files(*, membership: Membership, seance_id: int, references: Sequence[str]) -> list[DossierSeance]:
    """Say which demandes of the structure are received on the day of a one-off permanence, in this order.

    What was grouped before is replaced. Raises:
        Seance.DoesNotExist: none for this structure.
        DomainError: a recurring permanence, one that is not validated or is past, more than it can receive, a demande
            that is unknown, closed or of another caisse.
    """
    wanted = list(dict.fromkeys(references))
    with transaction.atomic():
        seance = (
            Seance.objects.filter(partenaire=membership.structure, caisse_id__in=membership.caisses_ouvertes)
            .select_related("permanence", "caisse")
            .select_for_update(of=("self",))
            .get(pk=seance_id)
        )
        require_groupable(seance)
        if len(wanted) > seance.permanence.capacite:
            raise DomainError(
                f"Cette permanence reçoit au plus {seance.permanence.capacite} personnes.",
                field="demandes",
                code="capacite",
            )
        rows = Demande.objects.visible_to(membership).filter(
            caisse_id=seance.caisse_id, statut__in=STATUTS_OUVERTS, reference__in=wanted
        )
        found = {demande.reference: demande for demande in rows}
        if set(found) != set(wanted):
            raise DomainError(
                "Choisissez des demandes ouvertes, de cette caisse.", field="demandes", code="demande"
            )
        DossierSeance.objects.filter(seance=seance, partenaire=membership.structure).delete()
        linked = [
            DossierSeance(
                seance=seance,
                demande=found[reference],
                caisse_id=seance.caisse_id,
                partenaire_id=seance.partenaire_id,
                numero=rank,
            )
            for rank, reference in enumerate(wanted, start=1)
        ]
        DossierSeance.objects.bulk_create(linked)
        _journal(membership, seance.permanence, Verbe.MODIFICATION, f"dossiers:{len(linked)}")
    return linked


def record_bilan(*, actor: Membership, seance_id: int, recus: int, dossiers: int) -> Seance:
    """Say how many people were received and how many files were made; said again, it is corrected.

    Raises:
        Seance.DoesNotExist: none for this caisse.
        DomainError: the day has not come, or the permanence was never validated.
    """
    with transaction.atomic():
        seance = (
            Seance.objects.filter(caisse=own_caisse(actor))
            .select_related("permanence", "caisse")
            .select_for_update(of=("self",))
            .get(pk=seance_id)
        )
        if seance.jour > seance.caisse.today():
            raise DomainError("Cette permanence n’a pas encore eu lieu.", code="a_venir")
        if recus < 0 or dossiers < 0:
            raise DomainError("Saisissez des nombres positifs.", code="nombre")
        seance.recus, seance.dossiers = recus, dossiers
        seance.bilan_le, seance.bilan_par = clock.now(), actor.user
        seance.save(update_fields=["recus", "dossiers", "bilan_le", "bilan_par"])
        _journal(actor, seance.permanence, Verbe.MODIFICATION, "bilan")
    return seance


def require_groupable(seance: Seance) -> None:
    """Refuse a day that receives nobody named beforehand.

    Raises:
        DomainError: codes « recurrente », « pas_validee », « passe ».
    """
    permanence = seance.permanence
    if permanence.nature != NaturePermanence.PONCTUELLE:
        raise DomainError(
            "Une permanence régulière reçoit sans dossier identifié à l’avance.", code="recurrente"
        )
    if permanence.etat != E.VALIDEE:
        raise DomainError("Cette permanence n’est pas validée.", code="pas_validee")
    if seance.jour < seance.caisse.today():
        raise DomainError("Cette permanence a déjà eu lieu.", code="passe")


def own_caisse(actor: Membership) -> Caisse:
    """The caisse of somebody who works there."""
    if actor.caisse is None:
        raise LookupError("this account belongs to no caisse")
    return actor.caisse


def _own(actor: Membership) -> "models.QuerySet[Permanence]":
    if actor.partenaire_id is not None:
        return Permanence.objects.filter(partenaire=actor.structure, caisse_id__in=actor.caisses_ouvertes)
    return Permanence.objects.filter(caisse=own_caisse(actor))


def _move(permanence: Permanence, etat: str, raison: str) -> None:
    permanence.etat, permanence.raison = etat, raison.strip()
    permanence.version += 1
    permanence.save(update_fields=["etat", "raison", "accompagnants", "version", "decidee_le", "decidee_par"])


def _journal(actor: Membership, permanence: Permanence, verbe: Verbe, acte: str) -> None:
    record(
        verbe,
        actor=actor,
        caisse_id=permanence.caisse_id,
        partenaire_id=permanence.partenaire_id,
        objet="permanence",
        objet_id=permanence.pk,
        details={"acte": acte},
    )


def _tell_structure(permanence: Permanence, kind: TypeCourriel, cle: str) -> None:
    roles = RolePartenaire.objects.filter(
        content_object_id=permanence.partenaire_id,
        permission__codename=Profil.TECHNICIEN.permission,
        user__is_active=True,
    )
    queue(
        kind,
        cle=f"permanence:{permanence.pk}:{cle}",
        destinataires=[role.user for role in roles.select_related("user").order_by("user_id")],
        lien=f"{PAGE}{permanence.pk}/",
        donnees={"echeance": permanence.du.isoformat()},
        caisse_id=permanence.caisse_id,
        partenaire_id=permanence.partenaire_id,
    )
