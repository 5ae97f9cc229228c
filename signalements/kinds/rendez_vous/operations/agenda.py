"""Publishing slots, and booking one: at most one date in force for each place, held by the database."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import DateField, ExpressionWrapper, F, Q

from accounts.memberships import Membership
from caisses.models import Caisse
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.errors import DomainError
from signalements.kinds.rendez_vous.dates import check_agence, is_open
from signalements.kinds.rendez_vous.enums import EtatHoraire, EtatRendezVous, TypeRendezVous
from signalements.kinds.rendez_vous.models import Creneau, Horaire, PlageHoraire
from signalements.kinds.rendez_vous.operations.fixing import save_fixed, take_charge, tell_fixed
from signalements.kinds.rendez_vous.operations.steps import (
    appointment_of,
    date_in_force,
    free,
    go_to,
    keep_promise,
    require_open,
    touch,
    withdraw_proposals,
)
from signalements.kinds.rendez_vous.slots import free_slots, moments_of, plages_for, read_key, window
from signalements.models import Demande
from signalements.operations.door import lock_demande

OTHERS = 3


class SlotTaken(DomainError):
    """Somebody was faster; `autres` are slots still free, in words."""

    def __init__(self, autres: list[str]) -> None:
        words = "Ce créneau vient d’être pris."
        if autres:
            words += f" Encore libres\u00a0: {' ; '.join(autres)}."
        else:
            words += " Il n’y en a plus de libre pour ce motif."
        super().__init__(words, field="creneau", code="creneau_pris")
        self.autres = autres


# --- Publishing


def save_plage(*, actor: Membership, plage: PlageHoraire) -> PlageHoraire:
    """Save a plage of the caisse and publish its slots; those that are no longer its own are withdrawn.

    Slots already taken stay: who holds one keeps it. Order of effects: plage, slots, journal.

    Raises:
        DomainError: an agence that is closed or of another caisse, a form the caisse does not offer.
    """
    caisse = actor.caisse
    if caisse is None or plage.caisse_id != caisse.pk:
        raise DomainError("Cette plage n’est pas de votre caisse.", code="autre_caisse")
    check_agence(caisse, plage.type, plage.agence)
    if plage.type == TypeRendezVous.VISIO and not caisse.rendez_vous_visio:
        raise DomainError("Cette caisse ne reçoit pas en visioconférence.", field="type", code="visio")
    new = plage.pk is None
    with transaction.atomic():
        plage.publiee_jusqu_au = None
        plage.save()
        free_ones = Creneau.objects.filter(plage=plage, pris=False, debut__gt=clock.now())
        free_ones.update(retire=True)
        if plage.active:
            publish(plage, caisse)
        record(
            Verbe.CREATION if new else Verbe.MODIFICATION,
            actor=actor,
            objet="plage_rendez_vous",
            objet_id=plage.pk,
            details={"active": plage.active},
        )
    return plage


def publish(plage: PlageHoraire, caisse: Caisse) -> int:
    """Publish the slots of a plage as far ahead as it may be booked; how many places that is."""
    today = caisse.today()
    first = (plage.publiee_jusqu_au or today - timedelta(days=1)) + timedelta(days=1)
    last = today + timedelta(days=plage.preavis_max)
    rows = [
        Creneau(
            caisse=caisse,
            partenaire_id=plage.partenaire_id,
            plage=plage,
            debut=debut,
            fin=fin,
            numero=numero,
        )
        for debut, fin in moments_of(plage, caisse, max(first, today), last)
        for numero in range(1, plage.capacite + 1)
        if debut > clock.now()
    ]
    Creneau.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["plage", "debut", "numero"],
        update_fields=["fin", "retire", "partenaire"],
    )
    PlageHoraire.objects.filter(pk=plage.pk).update(publiee_jusqu_au=last)
    return len(rows)


def publish_due(limit: int) -> int:
    """Publish what has come within reach since; how many plages that was."""
    today = clock.today()
    reach = ExpressionWrapper(F("publiee_jusqu_au") - F("preavis_max"), output_field=DateField())
    due = PlageHoraire.objects.annotate(hier=reach).filter(
        Q(publiee_jusqu_au__isnull=True) | Q(hier__lt=today),
        active=True,
        au__gte=today - timedelta(days=1),
    )
    rows = list(due.select_related("caisse").order_by("pk")[:limit])
    for plage in rows:
        publish(plage, plage.caisse)
    return len(rows)


# --- Booking


def book_slot(demande: Demande, *, actor: Membership, cle: str, commentaire: str = "") -> Horaire:
    """Book a place of a slot for a locked demande; a date already fixed is freed. Keeps the promised delay.

    Of any number who book the last place at once, one has it: a row is locked, the others pass it over, and a unique
    index stands behind. Order of effects: slot checked, former date freed, place taken, date, step, promise, mail.

    Raises:
        SlotTaken: no place is left; slots still free are named.
        DomainError: the slot is another caisse's, outside its notice, on a closed day, or not for this motif; the
            person has no telephone.
    """
    rendez_vous = appointment_of(demande)
    plage_id, debut = read_key(cle)
    plage = next(
        (
            found
            for found in plages_for(demande.caisse, demande.partenaire_id, rendez_vous.motif.code)
            if found.pk == plage_id
        ),
        None,
    )
    if plage is None:
        raise DomainError(
            "Ce créneau n’est pas ouvert à ce rendez-vous. Choisissez-en un autre.",
            field="creneau",
            code="creneau",
        )
    _check_notice(demande.caisse, plage, clock.local_date(debut, demande.caisse.fuseau))
    if plage.type == TypeRendezVous.TELEPHONE and not demande.personne.telephone:
        raise DomainError(
            "Saisissez le téléphone de la personne\u00a0: la caisse l’appelle.",
            field="telephone",
            code="sans_telephone",
        )
    with transaction.atomic():
        _free_former(demande, actor)
        place = (
            Creneau.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(plage=plage, debut=debut, caisse_id=demande.caisse_id, pris=False, retire=False)
            .order_by("numero")
            .first()
        )
        if place is None or place.debut <= clock.now():
            raise SlotTaken(_others(demande, rendez_vous.motif.code))
        place.pris = True
        place.save(update_fields=["pris"])
        horaire = Horaire(
            demande=demande,
            caisse_id=demande.caisse_id,
            partenaire_id=demande.partenaire_id,
            etat=EtatHoraire.FIXE,
            debut=place.debut,
            fin=place.fin,
            type=plage.type,
            agence=plage.agence,
            agent_id=plage.agent_id,
            creneau=place,
            cree_le=clock.now(),
        )
        save_fixed(horaire)
        rendez_vous.refresh_from_db(fields=["statut", "version"])
        go_to(rendez_vous, demande, EtatRendezVous.CONFIRME, actor=actor, commentaire=commentaire)
        keep_promise(demande)
        tell_fixed(demande, horaire)
    return horaire


def fix_slot(*, actor: Membership, demande_id: int, cle: str, version: int, commentaire: str = "") -> Horaire:
    """Fix the date on a published slot, by the caisse: held by the same rows as a booking of the structure.

    Order of effects: lock, as `book_slot`, proposals withdrawn, demande taken in charge.

    Raises:
        StaleObject: the demande changed since the page was opened.
        DomainError: as `book_slot`; the demande is closed.
    """
    with transaction.atomic():
        demande = lock_demande(actor, demande_id, version=version)
        require_open(demande)
        horaire = book_slot(demande, actor=actor, cle=cle, commentaire=commentaire)
        withdraw_proposals(demande, EtatHoraire.RETIRE)
        take_charge(demande, actor)
    return horaire


def book_again(*, membership: Membership, reference: str, cle: str, version: int) -> Horaire:
    """Book a slot for an appointment already sent: none fixed yet, or moved.

    Raises:
        Demande.DoesNotExist: none for this structure.
        StaleObject: it changed since the page was shown.
        DomainError: as `book_slot`.
    """
    with transaction.atomic():
        rows = Demande.objects.visible_to(membership)
        pk = rows.values_list("pk", flat=True).get(reference=reference)
        demande = lock_demande(membership, pk, version=version)
        require_open(demande)
        horaire = book_slot(demande, actor=membership, cle=cle)
        touch(demande)
    return horaire


def _free_former(demande: Demande, actor: Membership) -> None:
    former = date_in_force(demande)
    if former is not None:
        free(former)
        go_to(
            appointment_of(demande),
            demande,
            EtatRendezVous.REPORTE,
            actor=actor,
            commentaire="Autre créneau choisi",
        )


def _check_notice(caisse: Caisse, plage: PlageHoraire, day: date) -> None:
    first, last = window(plage, caisse)
    if not first <= day <= last:
        raise DomainError(
            "Ce créneau est trop proche ou trop lointain pour être réservé. Choisissez-en un autre.",
            field="creneau",
            code="hors_delai",
        )
    if not is_open(caisse, day):
        raise DomainError(
            "La caisse est fermée ce jour-là. Choisissez un autre créneau.", field="creneau", code="ferme"
        )


def _others(demande: Demande, motif: str) -> list[str]:
    return [libre.texte for libre in free_slots(demande.caisse, demande.partenaire_id, motif, OTHERS)]
