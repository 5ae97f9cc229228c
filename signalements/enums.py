"""Choices every kind of demande shares."""

from django.db import models


class Statut(models.TextChoices):
    """Where a demande stands (decisions.md §2), with the label the structure reads."""

    BROUILLON = "BROUILLON", "Brouillon"
    ENVOYEE = "ENVOYEE", "Envoyée"
    EN_COURS = "EN_COURS", "En cours de traitement"
    A_COMPLETER = "A_COMPLETER", "À compléter"
    COMPLETEE = "COMPLETEE", "Complétée"
    TRAITEE = "TRAITEE", "Traitée"
    ANNULEE = "ANNULEE", "Annulée"


LIBELLES_CAISSE = {
    Statut.ENVOYEE: "À prendre en charge",
    Statut.EN_COURS: "En cours",
    Statut.A_COMPLETER: "En attente du partenaire",
    Statut.COMPLETEE: "Complément reçu",
    Statut.TRAITEE: "Traitée",
    Statut.ANNULEE: "Annulée par le partenaire",
}
STATUTS_OUVERTS = frozenset({Statut.ENVOYEE, Statut.EN_COURS, Statut.A_COMPLETER, Statut.COMPLETEE})
STATUTS_CHEZ_LA_CAISSE = frozenset({Statut.ENVOYEE, Statut.EN_COURS, Statut.COMPLETEE})
STATUTS_CLOS = frozenset({Statut.TRAITEE, Statut.ANNULEE})


class Issue(models.TextChoices):
    """Outcomes of a demande; each kind names those it may give."""

    ACCORD = "ACCORD", "Accord"
    REFUS = "REFUS", "Refus"
    SANS_SUITE = "SANS_SUITE", "Sans suite"
    DROITS_OUVERTS = "DROITS_OUVERTS", "Droits ouverts"
    SOINS_REALISES = "SOINS_REALISES", "Soins réalisés"
    AIDE_ACCORDEE = "AIDE_ACCORDEE", "Aide financière accordée"
    ORIENTEE_SERVICE_SOCIAL = "ORIENTEE_SERVICE_SOCIAL", "Orientation vers le service social"
    ORIENTEE_MEDIATION_NUMERIQUE = "ORIENTEE_MEDIATION_NUMERIQUE", "Orientation vers la médiation numérique"
    REFUS_PERSONNE = "REFUS_PERSONNE", "Accompagnement refusé par la personne"
    INJOIGNABLE = "INJOIGNABLE", "Personne injoignable"
    HORS_PERIMETRE = "HORS_PERIMETRE", "Hors périmètre"
    HONORE = "HONORE", "Rendez-vous honoré"
    ABSENT = "ABSENT", "Rendez-vous non honoré"
    ANNULE_PERSONNE = "ANNULE_PERSONNE", "Annulé par la personne"
    ANNULE_CAISSE = "ANNULE_CAISSE", "Annulé par la caisse"
    DELIVRE_PORTAIL = "DELIVRE_PORTAIL", "Document transmis"
    ENVOYE_PERSONNE = "ENVOYE_PERSONNE", "Document envoyé à la personne"
    DROITS_NON_OUVERTS = "DROITS_NON_OUVERTS", "Droits non ouverts"
    NON_ELIGIBLE = "NON_ELIGIBLE", "Personne non éligible"
    NON_AUTORISE = "NON_AUTORISE", "Document non autorisé"
    REPONDU = "REPONDU", "Réponse donnée"
    NON_RECEVABLE = "NON_RECEVABLE", "Non recevable"
    REORIENTEE = "REORIENTEE", "Réorientée"


ISSUES_COMMUNES = (Issue.NON_RECEVABLE, Issue.REORIENTEE, Issue.SANS_SUITE)


class CivilitePersonne(models.TextChoices):
    """Civilité of the person helped."""

    MADAME = "MME", "Mme"
    MONSIEUR = "M", "M."
    NON_PRECISE = "NP", "Non précisé"


class PrecisionNaissance(models.TextChoices):
    """How much of a birth date is known (foreign civil status)."""

    JOUR = "JOUR", "Jour, mois et année"
    MOIS = "MOIS", "Mois et année"
    ANNEE = "ANNEE", "Année"


class ModeAccord(models.TextChoices):
    """How the person's agreement was given (domaine.md §4.3)."""

    PRESENCE = "PRESENCE", "En présence"
    TELEPHONE = "TELEPHONE", "Par téléphone"
    ECRIT = "ECRIT", "Par écrit signé"
    REPRESENTANT = "REPRESENTANT", "Par son représentant légal"


class Cote(models.TextChoices):
    """On which side somebody stands."""

    PARTENAIRE = "PARTENAIRE", "Structure"
    CAISSE = "CAISSE", "Caisse"
    SYSTEME = "SYSTEME", "Portail"


class ResultatContact(models.TextChoices):
    """How an attempt to reach the person ended."""

    JOINTE = "JOINTE", "Personne jointe"
    ABSENTE = "ABSENTE", "Pas de réponse"
    MESSAGE = "MESSAGE", "Message laissé"
    NUMERO_INVALIDE = "NUMERO_INVALIDE", "Numéro non attribué ou erroné"
    A_RAPPELER = "A_RAPPELER", "À rappeler"


class CanalContact(models.TextChoices):
    """By which way the person was tried."""

    TELEPHONE = "TELEPHONE", "Téléphone"
    COURRIEL = "COURRIEL", "Courrier électronique"
    COURRIER = "COURRIER", "Courrier postal"
    PARTENAIRE = "PARTENAIRE", "Par la structure"
    RENDEZ_VOUS = "RENDEZ_VOUS", "En rendez-vous"


class Etape(models.TextChoices):
    """The steps of a draft. Their order, and whether each stands, is the kind's (`signalements/kinds/steps.py`)."""

    CHOIX = "choix", "Le choix"
    PERSONNE = "personne", "La personne"
    SITUATION = "situation", "La situation"
    FOYER = "foyer", "Le foyer"
    PIECES = "pieces", "Les pièces"
    VERIFICATION = "verification", "La vérification"


class RaisonDoublon(models.TextChoices):
    """Why a demande is made although one seems open already (domaine.md §4.2)."""

    AUTRE_DIFFICULTE = "AUTRE_DIFFICULTE", "La difficulté est différente"
    SITUATION_CHANGEE = "SITUATION_CHANGEE", "La situation a changé depuis"
    AUTRE_PERSONNE = "AUTRE_PERSONNE", "C’est une autre personne, qui porte le même nom"
    DEMANDE_CAISSE = "DEMANDE_CAISSE", "La caisse m’a invité à faire une nouvelle demande"


class TonEtiquette(models.TextChoices):
    """The colours of a label: pairs that read well in light and dark; the words carry the meaning."""

    ARDOISE = "ardoise", "Ardoise"
    BLEU = "bleu", "Bleu"
    VERT = "vert", "Vert"
    OCRE = "ocre", "Ocre"
    PRUNE = "prune", "Prune"
    BRIQUE = "brique", "Brique"


class ActeLot(models.TextChoices):
    """What can be done to many demandes at once."""

    PRENDRE = "prendre", "Prendre en charge"
    RENDRE = "rendre", "Rendre à la file"
    ATTRIBUER = "attribuer", "Attribuer"
    CONFIER = "confier", "Confier à une équipe"
    POSER = "poser", "Poser une étiquette"
    RETIRER = "retirer", "Retirer une étiquette"


class EtatLigne(models.TextChoices):
    """What became of one demande of a lot."""

    A_FAIRE = "A_FAIRE", "À faire"
    FAITE = "FAITE", "Traitée"
    ECHEC = "ECHEC", "En échec"
