"""The mails about appointments: a reference, a link, a day and a kind of place (ecrans.md §B.6)."""

from portal.courriels.types import declare

# --- To the structure
DATES_PROPOSEES = declare(
    "rendez_vous_propose",
    evenement="Dates de rendez-vous proposées",
    sujet="des dates de rendez-vous sont proposées",
    destinataires="le technicien auteur",
    champs={"nombre"},
)
RENDEZ_VOUS_FIXE = declare(
    "rendez_vous_fixe",
    evenement="Rendez-vous fixé",
    sujet="le rendez-vous est fixé",
    destinataires="le technicien auteur",
    champs={"echeance", "lieu"},
)
RENDEZ_VOUS_RAPPEL = declare(
    "rendez_vous_rappel",
    evenement="Rappel d’un rendez-vous",
    sujet="un rendez-vous est dans deux jours",
    destinataires="le technicien auteur",
    champs={"echeance"},
)
PERMANENCE_PROPOSEE = declare(
    "permanence_proposee",
    evenement="Permanence proposée",
    sujet="une permanence dans vos locaux est proposée",
    destinataires="les techniciens de la structure",
    champs={"echeance"},
)
PERMANENCE_ANNULEE = declare(
    "permanence_annulee",
    evenement="Permanence annulée",
    sujet="une permanence dans vos locaux est annulée",
    destinataires="les techniciens de la structure",
    champs={"echeance"},
)
# --- To either side
RENDEZ_VOUS_REPORTE = declare(
    "rendez_vous_reporte",
    evenement="Rendez-vous à reporter",
    sujet="le rendez-vous est à reporter",
    destinataires="l’autre partie",
)
# --- To the caisse
DATE_ACCEPTEE = declare(
    "rendez_vous_accepte",
    evenement="Date de rendez-vous acceptée",
    sujet="une date de rendez-vous est acceptée",
    destinataires="l’agent qui suit la demande, sinon l’équipe de la caisse",
)
DATES_REFUSEES = declare(
    "rendez_vous_refuse",
    evenement="Dates de rendez-vous refusées",
    sujet="aucune date ne convient, de nouvelles disponibilités sont données",
    destinataires="l’agent qui suit la demande, sinon l’équipe de la caisse",
)
