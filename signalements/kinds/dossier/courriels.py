"""The mails about dossiers: a reference, a link, a day (ecrans.md §B.6)."""

from portal.courriels.types import declare

DROIT_A_RENOUVELER = declare(
    "droit_a_renouveler",
    evenement="Droit à renouveler",
    sujet="un droit ouvert avec votre aide prend bientôt fin",
    destinataires="le technicien auteur",
    champs={"echeance"},
)
