"""The référents of a convention: proposed by a structure, decided by the caisse, kept with dates (métier, art. 4)."""

import uuid
from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction

from partners.courriels import REFERENT_CHANGE, REFERENT_PROPOSE, REFERENT_REFUSE
from partners.enums import (
    VIVANTES,
    ActeConvention,
    EtatChangement,
    EtatConvention,
    NatureChangement,
    Partie,
)
from partners.models import ChangementReferent, Convention, Referent
from partners.notifications import tell_change
from partners.operations.door import lock_convention, log_act
from portal import clock
from portal.audit.journal import Actor, record
from portal.audit.models import Verbe
from portal.errors import DomainError
from portal.refusals import said_by, when

N = NatureChangement
CHANGEABLE = (EtatConvention.EN_SIGNATURE, *VIVANTES)


@dataclass(frozen=True)
class Coordonnees:
    """How a référent is reached."""

    nom: str = ""
    fonction: str = ""
    courriel: str = ""
    telephone: str = ""


def propose_change(
    *,
    actor: Actor,
    convention: Convention,
    nature: NatureChangement | str,
    cle: uuid.UUID,
    referent: Referent | None = None,
    coordonnees: Coordonnees | None = None,
) -> ChangementReferent:
    """Ask the caisse for a change of a référent of one's own structure; nothing changes until it confirms.

    The same `cle` gives the same proposal. The référents of the caisse are told.

    Raises:
        DomainError: not a convention of the structure, or over; a référent of another party, or whose change waits
            already; coordinates missing or unchanged; the last référent taken away.
    """
    known = ChangementReferent.objects.filter(cle=cle, convention=convention).first()
    if known is not None:
        return known
    if convention.partenaire_id != actor.partenaire_id:
        raise DomainError("Cette convention n’est pas celle de votre structure.", code="hors_perimetre")
    _ensure_open(convention)
    given = _check(convention, nature, Partie.PARTENAIRE, referent, coordonnees)
    waiting = DomainError(
        "Un changement de ce référent attend déjà la réponse de la caisse.", code="deja_propose"
    )
    with said_by(when("changement_referent_un_ouvert", refusal=waiting)):
        change = _create(convention, nature, Partie.PARTENAIRE, referent, given, actor, cle)
    _journal(actor, change, "propose")
    tell_change(change, REFERENT_PROPOSE)
    return change


def withdraw_proposal(*, actor: Actor, changement: ChangementReferent) -> ChangementReferent:
    """Take back a proposal the caisse has not answered.

    Raises:
        DomainError: it was decided meanwhile, or is not one's own.
    """
    with transaction.atomic():
        rows = ChangementReferent.objects.select_for_update(of=("self",))
        change = rows.filter(pk=changement.pk, convention__partenaire=actor.partenaire_id).first()
        if change is None or change.partie != Partie.PARTENAIRE:
            raise DomainError("Cette demande n’est pas de votre structure.", code="hors_perimetre")
        _ensure_waiting(change)
        _decide(change, EtatChangement.RETIRE, actor)
        _journal(actor, change, "retire")
    return change


def confirm_change(
    *, actor: Actor, convention: Convention, changement: ChangementReferent
) -> ChangementReferent:
    """Confirm what a structure proposed: from now on the référent is the new one. Both parties are told.

    Raises:
        DomainError: decided meanwhile, the référent changed since, the last one of the party taken away, not within
            reach.
    """
    with transaction.atomic():
        locked = lock_convention(actor, convention.pk)
        change = _lock(locked, changement)
        _ensure_open(locked)
        _check(locked, change.nature, Partie(change.partie), change.referent, _given(change))
        if change.nature != N.AJOUT and (change.referent is None or _now(change.referent) != _before(change)):
            raise DomainError(
                "Ce référent a changé depuis la demande de la structure\u00a0: refusez-la, puis faites le changement "
                "vous-même.",
                field="changement",
                code="perime",
            )
        _apply(locked, change, actor, locked.caisse.today())
    return change


def refuse_change(
    *, actor: Actor, convention: Convention, changement: ChangementReferent, motif: str
) -> ChangementReferent:
    """Refuse what a structure proposed, with a reason it reads; nothing changes.

    Raises:
        DomainError: decided meanwhile, no reason, not within reach.
    """
    with transaction.atomic():
        locked = lock_convention(actor, convention.pk)
        change = _lock(locked, changement)
        if not motif.strip():
            raise DomainError("Indiquez la raison du refus.", field="motif", code="motif")
        change.motif_refus = motif.strip()
        _decide(change, EtatChangement.REFUSE, actor)
        _journal(actor, change, "refuse")
        tell_change(change, REFERENT_REFUSE)
    return change


def change_referent(
    *,
    actor: Actor,
    convention: Convention,
    nature: NatureChangement | str,
    partie: Partie | str = "",
    referent: Referent | None = None,
    coordonnees: Coordonnees | None = None,
    le: date | None = None,
    version: int | None = None,
) -> ChangementReferent:
    """Change a référent of any party, for the caisse; both parties are told.

    `partie` is that of a référent who is added; otherwise the référent's own.

    Raises:
        DomainError: over, a référent missing or of another convention, coordinates missing or unchanged, the last
            référent of the party taken away, a day to come, a proposal that waits for an answer.
        StaleObject: the convention changed meanwhile.
    """
    with transaction.atomic():
        locked = lock_convention(actor, convention.pk, version=version)
        _ensure_open(locked)
        side = Partie(referent.partie) if referent is not None and nature != N.AJOUT else Partie(partie or "")
        day = le or locked.caisse.today()
        if day > locked.caisse.today():
            raise DomainError("Ce changement ne peut pas être à venir.", field="le", code="a_venir")
        given = _check(locked, nature, side, referent, coordonnees)
        waiting = locked.changements_referents.filter(referent=referent, etat=EtatChangement.PROPOSE)
        if referent is not None and nature != N.AJOUT and waiting.exists():
            raise DomainError(
                "La structure a demandé un changement de ce référent\u00a0: répondez-lui d’abord.",
                field="referent",
                code="deja_propose",
            )
        change = _create(locked, nature, side, referent, given, actor, uuid.uuid4())
        _apply(locked, change, actor, day)
    return change


def _ensure_open(convention: Convention) -> None:
    if convention.etat not in CHANGEABLE:
        raise DomainError(
            "Les référents ne changent ainsi que pour une convention en signature ou en vigueur.", code="etat"
        )


def _check(
    convention: Convention,
    nature: NatureChangement | str,
    partie: Partie,
    referent: Referent | None,
    given: Coordonnees | None,
) -> Coordonnees:
    """What would be written; a party keeps at least one référent (métier, art. 4)."""
    if nature != N.AJOUT and (
        referent is None or referent.convention_id != convention.pk or referent.partie != partie
    ):
        raise DomainError("Choisissez le référent concerné.", field="referent", code="referent")
    if nature == N.RETRAIT:
        if convention.referents.filter(partie=partie).count() <= 1:
            raise DomainError(
                "C’est le seul référent de cette partie\u00a0: remplacez-le plutôt.",
                field="referent",
                code="dernier",
            )
        return Coordonnees()
    if given is None or not given.nom.strip():
        raise DomainError("Indiquez le nom du référent.", field="nom", code="nom")
    if not given.courriel:
        raise DomainError("Indiquez son adresse électronique.", field="courriel", code="courriel")
    if nature == N.REMPLACEMENT and referent is not None and _now(referent) == given:
        raise DomainError("Rien n’a changé pour ce référent.", field="nom", code="inchange")
    return given


def _create(
    convention: Convention,
    nature: NatureChangement | str,
    partie: Partie,
    referent: Referent | None,
    given: Coordonnees,
    actor: Actor,
    cle: uuid.UUID,
) -> ChangementReferent:
    concerned = referent if nature != N.AJOUT else None
    former = asdict(_now(concerned)) if concerned is not None else {}
    return ChangementReferent.objects.create(
        convention=convention,
        nature=nature,
        partie=partie,
        referent=concerned,
        propose_le=clock.now(),
        propose_par_id=actor.acteur_id,
        cle=cle,
        **asdict(given),
        **{f"ancien_{name}": value for name, value in former.items()},
    )


def _apply(convention: Convention, change: ChangementReferent, actor: Actor, day: date) -> None:
    """Make the change true, then say so: référent, change, log, journal, mails."""
    referent = change.referent
    if change.nature == N.RETRAIT and referent is not None:
        change.referent = None
        change.save(update_fields=["referent"])
        referent.delete()
    else:
        target = referent or Referent(convention=convention, partie=change.partie)
        for name, value in asdict(_given(change)).items():
            setattr(target, name, value)
        target.depuis = day
        target.save()
    _decide(change, EtatChangement.CONFIRME, actor)
    log_act(convention, ActeConvention.REFERENT, actor=actor, jour=day, partie=change.partie)
    tell_change(change, REFERENT_CHANGE)


def _lock(convention: Convention, changement: ChangementReferent) -> ChangementReferent:
    rows = convention.changements_referents.select_for_update(of=("self",)).select_related("referent")
    change = rows.filter(pk=changement.pk).first()
    if change is None:
        raise DomainError(
            "Cette demande n’est pas de cette convention.", field="changement", code="hors_perimetre"
        )
    _ensure_waiting(change)
    return change


def _ensure_waiting(change: ChangementReferent) -> None:
    if change.etat != EtatChangement.PROPOSE:
        raise DomainError(
            f"Cette demande a déjà sa réponse\u00a0: {change.get_etat_display().lower()}.",
            field="changement",
            code="deja_decide",
        )


def _decide(change: ChangementReferent, etat: EtatChangement, actor: Actor) -> None:
    change.etat, change.decide_le, change.decide_par_id = etat, clock.now(), actor.acteur_id
    change.save(update_fields=["etat", "decide_le", "decide_par", "motif_refus"])


def _now(referent: Referent) -> Coordonnees:
    return Coordonnees(referent.nom, referent.fonction, referent.courriel, referent.telephone)


def _given(change: ChangementReferent) -> Coordonnees:
    return Coordonnees(change.nom, change.fonction, change.courriel, change.telephone)


def _before(change: ChangementReferent) -> Coordonnees:
    return Coordonnees(
        change.ancien_nom, change.ancien_fonction, change.ancien_courriel, change.ancien_telephone
    )


def _journal(actor: Actor, change: ChangementReferent, what: str) -> None:
    record(
        Verbe.MODIFICATION,
        actor=actor,
        caisse_id=change.convention.caisse_id,
        partenaire_id=change.convention.partenaire_id,
        objet="convention",
        objet_id=change.convention_id,
        details={"acte": "REFERENT", "changement": change.pk, "suite": what},
    )
