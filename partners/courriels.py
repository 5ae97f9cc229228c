"""The mails about conventions, to the référents of both parties: a reference and dates, no name."""

from portal.courriels.types import declare

CONVENTION_ECHEANCE = declare(
    "convention_echeance",
    evenement="Échéance d’une convention proche",
    sujet="une convention arrive à échéance",
    destinataires="les référents des deux parties",
    champs={"jours", "echeance"},
)
CONVENTION_FIN = declare(
    "convention_fin",
    evenement="Fin d’une convention proche",
    sujet="une convention prend bientôt fin",
    destinataires="les référents des deux parties",
    champs={"jours", "echeance"},
)
CONVENTION_TERMINEE = declare(
    "convention_terminee",
    evenement="Fin d’une convention",
    sujet="une convention a pris fin",
    destinataires="les référents des deux parties",
    immediat=True,
)
