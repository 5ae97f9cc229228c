"""The appointments of the permission matrix: of structure A and caisse X, one in each step."""

from datetime import time, timedelta
from typing import Any

from caisses.models import Caisse
from portal import clock
from signalements.enums import Statut
from signalements.kinds.rendez_vous.models import (
    Creneau,
    DossierSeance,
    EtapeRendezVous,
    FluxAgenda,
    Horaire,
    Permanence,
    PlageHoraire,
    Seance,
)
from signalements.kinds.rendez_vous.slots import FORMAT
from tests.rendez_vous.conftest import agence, jour_ouvre, motif_rdv, quand, rendez_vous

JETON = "jeton-de-la-matrice"


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
    day = jour_ouvre(caisse)
    Caisse.objects.filter(pk=caisse.pk).update(rendez_vous_reservation=True)
    found["plage_x"] = plage = PlageHoraire.objects.create(
        caisse=caisse,
        type="TELEPHONE",
        jours=[1, 2, 3, 4, 5],
        du=day,
        au=day,
        heure_debut=time(9),
        heure_fin=time(10),
    )
    when = quand(caisse, heure=time(9))
    found["creneau_x"] = Creneau.objects.create(caisse=caisse, plage=plage, debut=when.debut, fin=when.fin)
    found |= _permanences(caisse, convention.partenaire)
    # Grouped for the day: the page of the permanence offers to fix its date.
    DossierSeance.objects.create(
        seance=found["seance"],
        demande=found["rdv_demande"],
        caisse=caisse,
        partenaire=convention.partenaire,
        numero=1,
    )
    FluxAgenda.objects.create(
        utilisateur=auteur, empreinte=FluxAgenda.digest(JETON), portee="TOUS", cree_le=clock.now()
    )
    return found


def _permanences(caisse: Any, partenaire: Any) -> dict[str, Any]:
    """One that waits for an answer, one that is validated, whose day is today."""
    tenant = {"caisse": caisse, "partenaire": partenaire}
    values = {
        "nature": "PONCTUELLE",
        "lieu": "Salle fictive",
        "heure_debut": time(9),
        "heure_fin": time(12),
        "capacite": 5,
        "intervenants": "Un agent",
        "proposee_le": clock.now(),
    }
    day, today = jour_ouvre(caisse), caisse.today()
    waiting = Permanence.objects.create(**tenant, **values, du=day, au=day)
    valid = Permanence.objects.create(**tenant, **values, du=today, au=today, etat="VALIDEE")
    seance = Seance.objects.create(**tenant, permanence=valid, jour=today)
    return {"permanence": waiting, "seance": seance, "permanence_x": valid}


def proposal(world: Any) -> dict[str, Any]:
    """A form that proposes a permanence."""
    return {
        "partenaire": world.objects["structure_a"].pk,
        "nature": "PONCTUELLE",
        "du": jour_ouvre(world.objects["caisse_x"]).isoformat(),
        "semaines": "1",
        "heure_debut": "09:00",
        "heure_fin": "12:00",
        "lieu": "Salle fictive",
        "capacite": "5",
        "intervenants": "Un agent",
    }


def slot(world: Any) -> dict[str, str]:
    """A form that takes the free slot."""
    creneau = world.objects["creneau_x"]
    return {"creneau": f"{creneau.plage_id}.{creneau.debut:{FORMAT}}", "version": "1"}


def hours(world: Any) -> dict[str, Any]:
    """A form that opens hours to booking."""
    day = jour_ouvre(world.objects["caisse_x"]).isoformat()
    return {
        "type": "TELEPHONE",
        "du": day,
        "au": day,
        "jours": ["1", "2", "3", "4", "5"],
        "heure_debut": "14:00",
        "heure_fin": "15:00",
        "duree": "30",
        "capacite": "1",
        "preavis_min": "2",
        "preavis_max": "60",
        "active": "on",
    }


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
