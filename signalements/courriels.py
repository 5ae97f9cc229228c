"""The mails about demandes: a reference and a link, never anything about the person."""

from portal.courriels.types import declare

# --- To the structure
DEMANDE_ENVOYEE = declare(
    "demande_envoyee",
    evenement="Demande envoyée",
    sujet="la demande est envoyée",
    destinataires="le technicien qui l’a envoyée",
    champs={"echeance", "caisse"},
)
PRISE_EN_CHARGE = declare(
    "demande_prise_en_charge",
    evenement="Demande prise en charge",
    sujet="la demande est prise en charge",
    destinataires="le technicien en charge et ceux qui suivent la demande",
)
COMPLEMENT_DEMANDE = declare(
    "complement_demande",
    evenement="Complément demandé",
    sujet="un complément est demandé",
    destinataires="le technicien en charge et ceux qui suivent la demande",
    champs={"nombre"},
)
COMPLEMENT_RAPPEL = declare(
    "complement_rappel",
    evenement="Rappel d’un complément demandé",
    sujet="un complément est toujours attendu",
    destinataires="le technicien en charge et ceux qui suivent la demande",
    champs={"echeance"},
)
COMPLEMENT_ABANDON = declare(
    "complement_abandon",
    evenement="Demande close faute de complément",
    sujet="la demande est close faute de complément",
    destinataires="le technicien auteur et la caisse",
)
DEMANDE_TRAITEE = declare(
    "demande_traitee",
    evenement="Décision rendue",
    sujet="la demande est traitée",
    destinataires="le technicien en charge et ceux qui suivent la demande",
)
DEMANDE_ROUVERTE = declare(
    "demande_rouverte",
    evenement="Demande rouverte",
    sujet="la demande est rouverte",
    destinataires="le technicien en charge et ceux qui suivent la demande",
)
MESSAGE_DE_LA_CAISSE = declare(
    "message_caisse",
    evenement="Message de la caisse",
    sujet="la caisse vous a écrit",
    destinataires="le technicien en charge et ceux qui suivent la demande",
)
SUIVI_AJOUTE = declare(
    "suivi_ajoute",
    evenement="Demande à suivre",
    sujet="un collègue vous propose de suivre la demande",
    destinataires="le technicien ajouté au suivi",
)
DEMANDES_CONFIEES = declare(
    "demandes_confiees",
    evenement="Demandes confiées",
    sujet="des demandes vous sont confiées",
    destinataires="le technicien qui les reprend",
    champs={"nombre"},
)
DEMANDES_A_REPRENDRE = declare(
    "demandes_a_reprendre",
    evenement="Demandes à reprendre",
    sujet="des demandes sont à reprendre",
    destinataires="les techniciens de la structure",
    champs={"nombre"},
)
BROUILLON_BIENTOT_SUPPRIME = declare(
    "brouillon_bientot_supprime",
    evenement="Brouillon bientôt supprimé",
    sujet="un brouillon sera bientôt supprimé",
    destinataires="le technicien auteur",
    champs={"echeance"},
)

# --- To the caisse
DEMANDE_RECUE = declare(
    "demande_recue",
    evenement="Demande reçue",
    sujet="une demande est à prendre en charge",
    destinataires="l’équipe de la caisse",
    champs={"echeance"},
)
DEMANDE_URGENTE = declare(
    "demande_urgente",
    evenement="Demande urgente reçue",
    sujet="une demande urgente est à prendre en charge",
    destinataires="le référent des urgences de la caisse, sinon son équipe, et ceux que la convention nomme",
    immediat=True,
    champs={"echeance"},
)
COMPLEMENT_RECU = declare(
    "complement_recu",
    evenement="Complément reçu",
    sujet="le complément est arrivé",
    destinataires="l’agent qui suit la demande, sinon l’équipe de la caisse",
)
MESSAGE_DE_LA_STRUCTURE = declare(
    "message_structure",
    evenement="Message de la structure",
    sujet="la structure vous a écrit",
    destinataires="l’agent qui suit la demande, sinon l’équipe de la caisse",
)
RELANCE = declare(
    "relance",
    evenement="Relance de la structure",
    sujet="la structure demande où en est la demande",
    destinataires="l’agent qui suit la demande, sinon l’équipe de la caisse, et ses superviseurs",
    champs={"echeance"},
)
DEMANDE_ANNULEE = declare(
    "demande_annulee",
    evenement="Demande annulée",
    sujet="la demande est annulée par la structure",
    destinataires="l’agent qui suit la demande, sinon l’équipe de la caisse",
)
DEMANDE_ATTRIBUEE = declare(
    "demande_attribuee",
    evenement="Demande attribuée",
    sujet="une demande vous est attribuée",
    destinataires="l’agent à qui elle est attribuée",
)
DECISION_NON_PARTIE = declare(
    "decision_non_partie",
    evenement="Décision non partie",
    sujet="votre décision n’est pas partie",
    destinataires="l’agent qui l’avait rendue",
    immediat=True,
)
DEMANDES_ATTRIBUEES = declare(
    "demandes_attribuees",
    evenement="Plusieurs demandes attribuées",
    sujet="des demandes vous sont attribuées",
    destinataires="l’agent à qui elles sont attribuées",
    champs={"nombre"},
)
ECHEANCE_PROCHE = declare(
    "echeance_proche",
    evenement="Échéance proche",
    sujet="l’échéance est proche",
    destinataires="l’agent qui suit la demande, sinon l’équipe de la caisse",
    champs={"echeance"},
)
ECHEANCE_DEPASSEE = declare(
    "echeance_depassee",
    evenement="Échéance dépassée",
    sujet="l’échéance est dépassée",
    destinataires="l’agent qui suit la demande, l’équipe de la caisse et ses superviseurs",
    champs={"echeance"},
)
