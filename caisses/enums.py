"""Choices of the caisses."""

from django.db import models


class TypeCaisse(models.TextChoices):
    """The kinds of caisse (domaine.md §13)."""

    CPAM = "CPAM", "Caisse primaire d’assurance maladie"
    CCSS = "CCSS", "Caisse commune de sécurité sociale"
    CGSS = "CGSS", "Caisse générale de sécurité sociale"
    CSSM = "CSSM", "Caisse de sécurité sociale de Mayotte"


class Fonction(models.TextChoices):
    """The functions of the portal (convention d'utilisation, art. 1.2), offered and activated one by one."""

    CONTACT = "CONTACT", "Contacter ma caisse"
    DOSSIER = "DOSSIER", "Transmettre un dossier (CSS, AME)"
    SAISINE = "SAISINE", "Signaler une difficulté d’accès aux droits ou aux soins"
    RENDEZ_VOUS = "RENDEZ_VOUS", "Demander un rendez-vous pour un assuré"
    DOCUMENT = "DOCUMENT", "Demander un document"
    HISTORIQUE = "HISTORIQUE", "Historique des demandes"


class MotifFermeture(models.TextChoices):
    """Why the national administrator closes a caisse on the portal."""

    DEMANDE = "demande", "Demande de la caisse"
    REGROUPEMENT = "regroupement", "Regroupement de caisses"
    SECURITE = "securite", "Raison de sécurité"
    ERREUR = "erreur", "Ouverte par erreur"


class ListeMotifs(models.TextChoices):
    """The reference lists a caisse can complete."""

    DIFFICULTE = "DIFFICULTE", "Difficultés signalées"
    CAUSE = "CAUSE", "Causes"
    SOINS = "SOINS", "Types de soins"
    DEMARCHE = "DEMARCHE", "Démarches déjà faites"
    URGENCE = "URGENCE", "Motifs d’urgence"
    COMPLEMENT = "COMPLEMENT", "Raisons d’une demande de complément"
    NON_RECEVABLE = "NON_RECEVABLE", "Motifs de non-recevabilité"
    REORIENTATION = "REORIENTATION", "Motifs de réorientation"
    ANNULATION = "ANNULATION", "Motifs d’annulation"
    ABSENCE_PIECE = "ABSENCE_PIECE", "Raisons d’une pièce absente"
    REMISE = "REMISE", "Remise d’un document à la personne"
    NON_CONCERNEE = "NON_CONCERNEE", "Raisons d’une pièce non concernée"
    RETOUR = "RETOUR", "Motifs de retour d’un dossier incomplet"
    REFUS = "REFUS", "Motifs de refus d’un dossier"
    EXCEPTION_AME = "EXCEPTION_AME", "Exceptions au dépôt d’une première AME"
    OBJET_CONTACT = "OBJET_CONTACT", "Objets d’un message à la caisse"


class MomentModele(models.TextChoices):
    """When an agent starts from a reply template."""

    COMPLEMENT = "COMPLEMENT", "Demande de complément"
    DECISION = "DECISION", "Décision"
    MESSAGE = "MESSAGE", "Message à la structure"


class PeriodeRevue(models.IntegerChoices):
    """How often a structure is asked to review its accounts (convention d'utilisation, art. 4.2), in months."""

    AUCUNE = 0, "Aucune revue périodique"
    SIX_MOIS = 6, "Tous les six mois"
    DOUZE_MOIS = 12, "Tous les douze mois"
