"""The mails about conventions, to the référents of both parties and the gestionnaires: no name."""

from portal.courriels.types import declare

CONVENTION_ECHEANCE = declare(
    "convention_echeance",
    evenement="Échéance d’une convention proche",
    sujet="une convention arrive à échéance",
    destinataires="les référents des deux parties et les gestionnaires de la structure",
    champs={"jours", "echeance"},
)
CONVENTION_FIN = declare(
    "convention_fin",
    evenement="Fin d’une convention proche",
    sujet="une convention prend bientôt fin",
    destinataires="les référents des deux parties et les gestionnaires de la structure",
    champs={"jours", "echeance"},
)
CONVENTION_TERMINEE = declare(
    "convention_terminee",
    evenement="Fin d’une convention",
    sujet="une convention a pris fin",
    destinataires="les référents des deux parties et les gestionnaires de la structure",
    immediat=True,
)
REFERENT_PROPOSE = declare(
    "referent_propose",
    evenement="Changement de référent demandé par une structure",
    sujet="un changement de référent attend votre réponse",
    destinataires="les référents de la caisse",
    immediat=True,
)
REFERENT_CHANGE = declare(
    "referent_change",
    evenement="Changement de référent",
    sujet="un référent a changé",
    destinataires="les référents des parties, ancien et nouveau",
    immediat=True,
)
REFERENT_REFUSE = declare(
    "referent_refuse",
    evenement="Changement de référent refusé",
    sujet="un changement de référent est refusé",
    destinataires="le gestionnaire qui l’a demandé et les référents de la structure",
    immediat=True,
)
