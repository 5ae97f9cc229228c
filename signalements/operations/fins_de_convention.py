"""The demandes still open when a convention ends: finished or closed, by the choice of the caisse (art. 8.2)."""

from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from partners.endings import Consequence
from partners.enums import FINIES, NatureConvention, SuiteDemandes
from partners.models import Convention
from portal import clock
from portal.workflow import SYSTEME
from signalements.enums import STATUTS_OUVERTS, Issue, Statut
from signalements.models import Complement, Demande
from signalements.operations.door import change_status, lock_demande

COMMENTAIRE = "La convention avec la structure a pris fin."


def demandes_touched(ended: list[Convention], last_day: date) -> list[Consequence]:
    """What the end of these conventions does to demandes: those open with the caisse, the drafts for it."""
    pairs = Q(pk__in=[])
    for row in ended:
        if row.nature == NatureConvention.UTILISATION:
            pairs |= Q(caisse_id=row.caisse_id, partenaire_id=row.partenaire_id)
    demandes = Demande.objects.filter(pairs, statut__in=STATUTS_OUVERTS).count()
    drafts = Demande.objects.filter(pairs, statut=Statut.BROUILLON).count()
    found = []
    if demandes:
        what = (
            "1 demande ouverte reste lisible par votre caisse, qui la termine ou la clôt"
            if demandes == 1
            else f"{demandes} demandes ouvertes restent lisibles par votre caisse, qui les termine ou les clôt"
        )
        found.append(Consequence(f"{what} selon votre choix\u00a0; la structure n’y a plus accès.", demandes))
    if drafts:
        what = "1 brouillon" if drafts == 1 else f"{drafts} brouillons"
        left = "ne pourra plus être envoyé" if drafts == 1 else "ne pourront plus être envoyés"
        found.append(Consequence(f"{what} de la structure pour votre caisse {left}.", drafts))
    return found


def close_left_open(limit: int) -> int:
    """Close « sans suite » what a convention that ended left open, where the caisse chose so; at most `limit`.

    Through the table of statuses, one demande at a time. A pair that has a convention again is left alone.
    """
    utilisations = Convention.objects.filter(
        caisse=OuterRef("caisse_id"),
        partenaire=OuterRef("partenaire_id"),
        nature=NatureConvention.UTILISATION,
    )
    over = utilisations.filter(etat__in=FINIES, suite_demandes=SuiteDemandes.CLORE)
    rows = Demande.objects.filter(
        Exists(over), ~Exists(utilisations.living()), statut__in=STATUTS_OUVERTS, envoyee_le__lte=clock.now()
    )
    done = 0
    for pk in rows.order_by("pk").values_list("pk", flat=True)[:limit]:
        with transaction.atomic():
            demande = lock_demande(SYSTEME, pk)
            if demande.statut not in STATUTS_OUVERTS:
                continue
            Complement.objects.filter(demande=demande, repondu_le=None).update(
                repondu_le=clock.now(), retire=True
            )
            changes = {"issue": Issue.SANS_SUITE, "traitee_le": clock.now()}
            change_status(demande, Statut.TRAITEE, actor=SYSTEME, commentaire=COMMENTAIRE, changes=changes)
            done += 1
    return done
