"""The mails about accounts. All of them leave at once: they are about somebody's access."""

from portal.courriels.types import declare

ACTIVATION = declare(
    "compte_activation",
    evenement="Invitation à activer un compte",
    sujet="activez votre compte",
    destinataires="la personne pour qui le compte est créé",
    immediat=True,
    champs={"heures"},
    lien="activation",
)
REINITIALISATION = declare(
    "mot_de_passe_reinitialisation",
    evenement="Nouveau mot de passe demandé",
    sujet="choisissez un nouveau mot de passe",
    destinataires="les comptes actifs de l’adresse donnée",
    immediat=True,
    lien="reinitialisation",
)
MOT_DE_PASSE_CHANGE = declare(
    "mot_de_passe_change",
    evenement="Mot de passe changé",
    sujet="votre mot de passe a été changé",
    destinataires="le compte",
    immediat=True,
)
MOT_DE_PASSE_BIENTOT_EXPIRE = declare(
    "mot_de_passe_bientot_expire",
    evenement="Mot de passe à changer bientôt",
    sujet="votre mot de passe est à changer",
    destinataires="le compte, 30 et 7 jours avant",
    immediat=True,
    champs={"jours"},
)
SECOND_FACTEUR_CHANGE = declare(
    "second_facteur_change",
    evenement="Second facteur changé",
    sujet="votre second facteur a été changé",
    destinataires="le compte",
    immediat=True,
)
SECOND_FACTEUR_RETIRE = declare(
    "second_facteur_retire",
    evenement="Second facteur retiré par un gestionnaire ou par la caisse",
    sujet="votre second facteur a été retiré",
    destinataires="le compte",
    immediat=True,
)
REVUE_A_FAIRE = declare(
    "revue_a_faire",
    evenement="Revue d’habilitations ouverte ou à faire bientôt",
    sujet="une revue d’habilitations est à faire",
    destinataires="les gestionnaires de la structure, à l’ouverture puis 15, 7 et 1 jours avant",
    champs={"echeance", "caisse"},
)
REVUE_EN_RETARD = declare(
    "revue_en_retard",
    evenement="Revue d’habilitations en retard",
    sujet="une revue d’habilitations est en retard",
    destinataires="les gestionnaires de la structure",
    immediat=True,
    champs={"echeance", "caisse"},
)
REVUES_EN_RETARD = declare(
    "revues_en_retard",
    evenement="Revues d’habilitations en retard",
    sujet="des revues d’habilitations sont en retard",
    destinataires="le support de la caisse",
    champs={"nombre"},
)
REVUE_CONFIRMEE = declare(
    "revue_confirmee",
    evenement="Revue d’habilitations confirmée",
    sujet="une revue d’habilitations est confirmée",
    destinataires="le support de la caisse, les autres gestionnaires de la structure",
)
CONNEXION_PROCONNECT = declare(
    "connexion_proconnect",
    evenement="Compte relié à ProConnect, ou délié",
    sujet="la connexion par ProConnect a changé",
    destinataires="le compte",
    immediat=True,
)
COMPTE_INACTIVE = declare(
    "compte_inactive",
    evenement="Compte inactivé",
    sujet="un compte de votre structure a été inactivé",
    destinataires="les gestionnaires de la structure",
    immediat=True,
)
COMPTE_CREE = declare(
    "compte_cree",
    evenement="Compte créé",
    sujet="un compte a été créé dans votre structure",
    destinataires="les autres gestionnaires de la structure",
)
COMPTE_MODIFIE = declare(
    "compte_modifie",
    evenement="Coordonnées d’un compte modifiées",
    sujet="les coordonnées de votre compte ont changé",
    destinataires="le compte, et l’adresse qu’il quitte",
    immediat=True,
)
COMPTE_FERME = declare(
    "compte_ferme",
    evenement="Accès fermé",
    sujet="votre accès est fermé",
    destinataires="l’adresse du compte inactivé",
    immediat=True,
)
ACCES_COUPE = declare(
    "acces_coupe",
    evenement="Accès coupé par la caisse",
    sujet="la caisse a coupé un accès de votre structure",
    destinataires="les gestionnaires de la structure",
    immediat=True,
)
ASSISTANCE_OUVERTE = declare(
    "assistance_ouverte",
    evenement="Session d’assistance nationale ouverte",
    sujet="une session d’assistance nationale est ouverte",
    destinataires="les administrateurs de la caisse",
    immediat=True,
    champs={"echeance", "caisse"},
)
ADRESSE_A_CONFIRMER = declare(
    "adresse_a_confirmer",
    evenement="Nouvelle adresse à confirmer",
    sujet="confirmez votre nouvelle adresse électronique",
    destinataires="la nouvelle adresse d’un compte",
    immediat=True,
    champs={"heures"},
    lien="adresse",
)
ADRESSE_DEMANDEE = declare(
    "adresse_demandee",
    evenement="Changement d’adresse demandé",
    sujet="un changement d’adresse électronique est demandé pour votre compte",
    destinataires="l’adresse actuelle du compte",
    immediat=True,
)
HABILITATION_A_CONFIRMER = declare(
    "habilitation_a_confirmer",
    evenement="Demande d’habilitation à confirmer",
    sujet="confirmez votre demande d’habilitation",
    destinataires="l’adresse donnée dans le formulaire public",
    immediat=True,
    champs={"heures"},
    lien="habilitation",
)
HABILITATION_ENREGISTREE = declare(
    "habilitation_enregistree",
    evenement="Demande d’habilitation transmise à la caisse",
    sujet="votre demande est transmise à la caisse",
    destinataires="la personne qui demande",
    immediat=True,
    lien="habilitation",
)
HABILITATION_RECUE = declare(
    "habilitation_recue",
    evenement="Demande sur un gestionnaire reçue",
    sujet="une demande sur un gestionnaire attend votre réponse",
    destinataires="les administrateurs de la caisse",
    immediat=True,
)
HABILITATION_A_COMPLETER = declare(
    "habilitation_a_completer",
    evenement="Demande sur un gestionnaire à compléter",
    sujet="votre demande est à compléter",
    destinataires="la personne qui demande",
    immediat=True,
    lien="habilitation",
)
HABILITATION_ACCEPTEE = declare(
    "habilitation_acceptee",
    evenement="Demande sur un gestionnaire acceptée",
    sujet="votre demande est acceptée",
    destinataires="la personne qui demande",
    immediat=True,
    lien="habilitation",
)
HABILITATION_REFUSEE = declare(
    "habilitation_refusee",
    evenement="Demande sur un gestionnaire refusée",
    sujet="votre demande est refusée",
    destinataires="la personne qui demande",
    immediat=True,
    lien="habilitation",
)
FIN_PREVUE_PROCHE = declare(
    "compte_fin_prevue",
    evenement="Fin prévue d’un compte",
    sujet="votre accès prend bientôt fin",
    destinataires="le compte, 15 jours avant sa date de fin prévue",
    immediat=True,
    champs={"echeance"},
)
FINS_PREVUES_PROCHES = declare(
    "comptes_fin_prevue",
    evenement="Fin prévue d’un compte de la structure ou de la caisse",
    sujet="un compte arrive à sa date de fin prévue",
    destinataires="ceux qui gèrent le compte, 15 jours avant",
    champs={"echeance"},
)
COMPTE_ABSENT = declare(
    "compte_absent",
    evenement="Compte sans connexion depuis longtemps",
    sujet="connectez-vous pour garder votre accès",
    destinataires="le compte",
    immediat=True,
    champs={"jours"},
)
COMPTES_ABSENTS = declare(
    "comptes_absents",
    evenement="Comptes sans connexion depuis longtemps",
    sujet="des comptes que vous gérez ne servent plus",
    destinataires="les gestionnaires de la structure, les administrateurs pour ceux de la caisse",
    champs={"jours"},
)
COMPTES_FERMES = declare(
    "comptes_fermes",
    evenement="Comptes inactivés à leur terme ou faute de connexion",
    sujet="des comptes de votre structure ont été inactivés",
    destinataires="les gestionnaires de la structure",
    immediat=True,
)
DERNIER_GESTIONNAIRE = declare(
    "dernier_gestionnaire",
    evenement="Dernier gestionnaire à remplacer",
    sujet="un gestionnaire est à désigner",
    destinataires="les administrateurs de la caisse",
    immediat=True,
)
SUPPRESSION_PROCHE = declare(
    "compte_bientot_supprime",
    evenement="Compte inactif bientôt supprimé",
    sujet="un compte inactif sera supprimé",
    destinataires="l’adresse du compte, 30 jours avant",
    immediat=True,
    champs={"echeance"},
)
SUPPRESSIONS_PROCHES = declare(
    "comptes_bientot_supprimes",
    evenement="Comptes inactifs bientôt supprimés",
    sujet="des comptes inactifs seront supprimés",
    destinataires="les gestionnaires de la structure, ou la caisse",
    champs={"echeance"},
)
SECURITE_SIGNALEE = declare(
    "securite_signalee",
    evenement="Vol ou usage frauduleux signalé par une structure",
    sujet="une structure signale un risque sur un accès",
    destinataires="les administrateurs des caisses de la structure",
    immediat=True,
    champs={"echeance"},
)
MAINTENANCE_PREVUE = declare(
    "maintenance_prevue",
    evenement="Maintenance prévue",
    sujet="une maintenance est prévue",
    destinataires="les gestionnaires et les administrateurs des caisses choisis par l’administration nationale",
    immediat=True,
    champs={"echeance", "heures", "caisse"},
)
