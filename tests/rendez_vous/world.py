"""The appointments of the permission matrix: of structure A and caisse X, one in each step."""

from datetime import timedelta
from typing import Any

from portal import clock
from signalements.enums import Statut
from signalements.kinds.rendez_vous.models import EtapeRendezVous, Horaire
from tests.rendez_vous.conftest import agence, jour_ouvre, motif_rdv, quand, rendez_vous


def appointments(convention: Any, auteur: Any) -> dict[str, Any]:
    """The objects the routes of the appointments name."""
    caisse = convention.caisse
    found: dict[str, Any] = {"agence_x": agence(caisse), "motif_rdv_x": motif_rdv("LOCAL", caisse=caisse)}
    motif_rdv()
    for name, etat, days in (
        ("rdv_demande", "DEMANDE", 0),
        ("rdv_propose", "PROPOSE", 4),
        ("rdv_confirme", "CONFIRME", 6),
        ("rdv_passe", "CONFIRME", -2),
    ):
        statut = Statut.ENVOYEE if etat == "DEMANDE" else Statut.EN_COURS
        demande = rendez_vous(convention, auteur, statut=statut, rdv={"statut": etat})
        tenant = {"demande": demande, "caisse": caisse, "partenaire": demande.partenaire}
        if days:
            when = quand(caisse, days)
            found[f"{name}_date"] = Horaire.objects.create(
                **tenant,
                etat="PROPOSE" if etat == "PROPOSE" else "FIXE",
                debut=when.debut,
                fin=when.fin,
                type=when.type,
                cree_le=clock.now() - timedelta(hours=1),
            )
            EtapeRendezVous.objects.create(**tenant, de="DEMANDE", vers=etat, le=clock.now(), cote="CAISSE")
        found[name] = demande
    return found


def free_day(world: Any) -> dict[str, str]:
    """A form that says when the person is free."""
    day = jour_ouvre(world.objects["caisse_x"]).isoformat()
    return {
        "disponibilite_1_du": day,
        "disponibilite_1_au": "",
        "disponibilite_1_moment": "MATIN",
        "raison": "Empêchement",
        "version": "1",
    }


def one_date(world: Any, days: int = 5) -> dict[str, str]:
    """A form that gives one date."""
    day = jour_ouvre(world.objects["caisse_x"], days).isoformat()
    return {"type": "TELEPHONE", "duree": "30", "jour_1": day, "heure_1": "10:00", "version": "1"}
