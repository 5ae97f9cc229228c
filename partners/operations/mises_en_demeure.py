"""A breach and its formal notice: sent, received, lifted; termination is in `fin` (art. 8.2-b, métier art. 9.4)."""

from datetime import date

from django.db import transaction

from partners.enums import ActeConvention, EtatConvention, Partie
from partners.models import Convention, MiseEnDemeure
from partners.operations.door import change_state, lock_convention, log_act
from portal.audit.journal import Actor
from portal.errors import DomainError


def put_on_notice(
    *,
    actor: Actor,
    convention: Convention,
    par: Partie,
    manquement: str,
    envoyee_le: date,
    version: int | None = None,
) -> MiseEnDemeure:
    """Record the registered letter by which a party puts the other on notice; the convention stays in force.

    Raises:
        DomainError: not active, no breach said, a day to come, not within reach.
        StaleObject: it changed meanwhile.
    """
    with transaction.atomic():
        locked = lock_convention(actor, convention.pk, version=version)
        if not manquement.strip():
            raise DomainError("Décrivez le manquement en cause.", field="manquement", code="manquement")
        if envoyee_le > locked.caisse.today():
            raise DomainError("L’envoi ne peut pas être à venir.", field="envoyee_le", code="a_venir")
        change_state(
            locked,
            EtatConvention.MISE_EN_DEMEURE,
            actor=actor,
            commentaire=manquement,
            jour=envoyee_le,
        )
        return MiseEnDemeure.objects.create(
            convention=locked, par=par, manquement=manquement.strip(), envoyee_le=envoyee_le
        )


def record_receipt(*, actor: Actor, convention: Convention, recue_le: date) -> MiseEnDemeure:
    """Record the day the letter came, which starts the delay where the convention says so.

    Raises:
        DomainError: no mise en demeure under way, received already, a day to come or before the sending.
    """
    with transaction.atomic():
        locked = lock_convention(actor, convention.pk)
        notice = _open_notice(locked)
        if notice.recue_le is not None:
            raise DomainError("La réception est déjà enregistrée.", code="deja_recue")
        if recue_le > locked.caisse.today():
            raise DomainError("La réception ne peut pas être à venir.", field="recue_le", code="a_venir")
        if recue_le < notice.envoyee_le:
            raise DomainError(
                "La réception ne peut pas précéder l’envoi.", field="recue_le", code="avant_envoi"
            )
        notice.recue_le = recue_le
        notice.save(update_fields=["recue_le"])
        log_act(locked, ActeConvention.RECEPTION, actor=actor, jour=recue_le)
    return notice


def lift_notice(
    *, actor: Actor, convention: Convention, commentaire: str = "", version: int | None = None
) -> Convention:
    """Lift a mise en demeure: the breach is mended and the convention goes on as before.

    Raises:
        DomainError: no mise en demeure under way, not within reach.
        StaleObject: it changed meanwhile.
    """
    with transaction.atomic():
        locked = lock_convention(actor, convention.pk, version=version)
        notice = _open_notice(locked)
        notice.levee_le = locked.caisse.today()
        notice.save(update_fields=["levee_le"])
        change_state(locked, EtatConvention.ACTIVE, actor=actor, commentaire=commentaire)
    return locked


def _open_notice(convention: Convention) -> MiseEnDemeure:
    notice = (
        convention.mises_en_demeure.select_for_update(of=("self",))
        .filter(levee_le=None, resiliee_le=None)
        .first()
    )
    if notice is None or convention.etat != EtatConvention.MISE_EN_DEMEURE:
        raise DomainError("Aucune mise en demeure n’est en cours.", code="sans_mise_en_demeure")
    return notice
