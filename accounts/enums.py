"""Choices of the accounts."""

from django.db import models


class Profil(models.TextChoices):
    """One account = one profile on one organisation (decisions.md §4.1). The value names the guardian role."""

    GESTIONNAIRE = "gestionnaire", "Gestionnaire"
    TECHNICIEN = "technicien", "Technicien"
    AGENT = "agent", "Agent"
    CONSEILLER_MAS = "conseiller_mas", "Conseiller accompagnement santé"
    SUPERVISEUR = "superviseur", "Superviseur"
    ADMIN_CAISSE = "admin_caisse", "Administrateur de la caisse"
    NATIONAL = "national", "Administrateur national"

    @property
    def permission(self) -> str:
        """The codename of the guardian permission that is this role."""
        return f"role_{self.value}"


PROFILS_PARTENAIRE = frozenset({Profil.GESTIONNAIRE, Profil.TECHNICIEN})
PROFILS_CAISSE = frozenset({Profil.AGENT, Profil.CONSEILLER_MAS, Profil.SUPERVISEUR, Profil.ADMIN_CAISSE})
PROFILS_ADMIN = frozenset({Profil.ADMIN_CAISSE, Profil.NATIONAL})


class Civilite(models.TextChoices):
    """Civilité of an account holder."""

    MADAME = "MME", "Mme"
    MONSIEUR = "M", "M."


class EtatCompte(models.TextChoices):
    """The life of an account, derived from its dates."""

    INVITE = "INVITE", "Invitation envoyée"
    ACTIF = "ACTIF", "Actif"
    INACTIF = "INACTIF", "Inactif"
    SUPPRIME = "SUPPRIME", "Supprimé"


class MotifInactivation(models.TextChoices):
    """Why an account is inactivated (domaine.md §3.5)."""

    DEPART = "depart_structure", "Départ de la structure"
    CHANGEMENT = "changement_fonction", "Changement de fonction"
    FIN_CONVENTION = "fin_convention", "Fin de convention"
    FRAUDE = "usage_frauduleux", "Usage frauduleux"
    VOL = "vol_perte_identifiants", "Vol ou perte des identifiants"
    NON_CONFORME = "usage_non_conforme", "Usage non conforme"
    DEMANDE = "demande_gestionnaire", "Demande du gestionnaire"
    FIN_PREVUE = "fin_prevue", "Date de fin prévue atteinte"
    INACTIVITE = "inactivite", "Sans connexion depuis longtemps"


MOTIFS_ORDINAIRES = (MotifInactivation.DEPART, MotifInactivation.CHANGEMENT, MotifInactivation.DEMANDE)
"""Why somebody inactivates an account in the ordinary way; a reason of security is a report or a cut."""
MOTIFS_SECURITE = (MotifInactivation.FRAUDE, MotifInactivation.VOL, MotifInactivation.NON_CONFORME)
"""What lets an access be cut without delay nor formality (art. 4.1)."""


class NatureAvis(models.TextChoices):
    """What a notice of security proves: who told whom, of what (art. 4.1)."""

    COUPURE_COMPTE = "COMPTE", "Accès d’une personne coupé par la caisse"
    COUPURE_STRUCTURE = "STRUCTURE", "Accès de la structure coupé par la caisse"
    SIGNALEMENT = "SIGNALEMENT", "Signalement de la structure à la caisse"


class FrequenceCourriels(models.TextChoices):
    """How a person wants ordinary mails; urgent and security ones always leave at once."""

    IMMEDIAT = "IMMEDIAT", "Un message à chaque événement"
    QUOTIDIEN = "QUOTIDIEN", "Un récapitulatif par jour ouvré"


class NatureAttestation(models.TextChoices):
    """What a gestionnaire attests when creating a technicien (art. 2.2.1)."""

    LIEN = "LIEN", "Cette personne est employée, salariée ou bénévole de la structure."
    POSTE = "POSTE", "Elle utilise des outils professionnels protégés par un antivirus, non personnels."
    ADRESSE = "ADRESSE", "Son adresse électronique est rattachée à la structure et hébergée en Europe."


class NatureHabilitation(models.TextChoices):
    """What is asked of the caisse about the gestionnaires of a structure (art. 2.2.1 to 2.2.3)."""

    CREATION = "CREATION", "Nouveau gestionnaire"
    MODIFICATION = "MODIFICATION", "Modification d’un gestionnaire"
    INACTIVATION = "INACTIVATION", "Départ d’un gestionnaire"


class CanalDemande(models.TextChoices):
    """How a structure asked its caisse to change a gestionnaire (art. 2.2.2)."""

    PORTAIL = "PORTAIL", "Portail"
    COURRIER = "COURRIER", "Courrier"
    COURRIEL = "COURRIEL", "Courriel"
    TELEPHONE = "TELEPHONE", "Téléphone"


class StatutHabilitation(models.TextChoices):
    """Where a request about a gestionnaire stands (domaine.md §3.1)."""

    A_CONFIRMER = "A_CONFIRMER", "Adresse à confirmer"
    DEMANDEE = "DEMANDEE", "Demandée"
    A_COMPLETER = "A_COMPLETER", "À compléter"
    ACCEPTEE = "ACCEPTEE", "Acceptée"
    REFUSEE = "REFUSEE", "Refusée"
    RETIREE = "RETIREE", "Retirée"


HABILITATIONS_OUVERTES = (StatutHabilitation.DEMANDEE, StatutHabilitation.A_COMPLETER)
"""Requests the caisse has received and not decided."""


class MotifRefus(models.TextChoices):
    """Why the caisse refuses a request about a gestionnaire."""

    NON_RATTACHEE = "NON_RATTACHEE", "La personne n’est pas rattachée à la structure"
    QUOTA = "QUOTA", "Le nombre de gestionnaires autorisé est atteint"
    ADRESSE = "ADRESSE", "L’adresse électronique n’est pas celle d’un professionnel de la structure"
    DOUBLON = "DOUBLON", "La personne a déjà un compte de gestionnaire"
    CONVENTION = "CONVENTION", "La convention ne le permet pas ou plus"
    ABANDON = "ABANDON", "La demande n’a pas été complétée"
    AUTRE = "AUTRE", "Autre raison"


class ReponseRevue(models.TextChoices):
    """What a gestionnaire says of an account in a revue d’habilitations (art. 4.2)."""

    RESTE = "RESTE", "Toujours en poste"
    CHANGE = "CHANGE", "A changé de fonction"
    PARTI = "PARTI", "A quitté la structure"
