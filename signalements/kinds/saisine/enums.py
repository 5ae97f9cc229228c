"""Choices of the saisine."""

from django.db import models


class CanalPrefere(models.TextChoices):
    """How the person prefers to be reached."""

    TELEPHONE = "TELEPHONE", "Par téléphone"
    RENDEZ_VOUS = "RENDEZ_VOUS", "En rendez-vous"
    PARTENAIRE = "PARTENAIRE", "Par l’intermédiaire de la structure"


class Hebergement(models.TextChoices):
    """Where the person lives."""

    STABLE = "STABLE", "Domicile stable"
    HEBERGE = "HEBERGE", "Hébergement (structure, hôtel, proches)"
    SANS = "SANS", "Sans domicile stable"


class OuiNonInconnu(models.TextChoices):
    """What is known of a right."""

    OUI = "OUI", "Oui"
    NON = "NON", "Non"
    INCONNU = "INCONNU", "Je ne sais pas"


class Complementaire(models.TextChoices):
    """What is known of the person's complementary cover."""

    CSS = "CSS", "Complémentaire santé solidaire"
    MUTUELLE = "MUTUELLE", "Mutuelle ou assurance"
    AUCUNE = "AUCUNE", "Aucune"
    INCONNU = "INCONNU", "Je ne sais pas"


class PlageRappel(models.TextChoices):
    """When the person can be called back."""

    LUNDI_MATIN = "LUN_MATIN", "Lundi matin"
    LUNDI_APRES = "LUN_APRES", "Lundi après-midi"
    MARDI_MATIN = "MAR_MATIN", "Mardi matin"
    MARDI_APRES = "MAR_APRES", "Mardi après-midi"
    MERCREDI_MATIN = "MER_MATIN", "Mercredi matin"
    MERCREDI_APRES = "MER_APRES", "Mercredi après-midi"
    JEUDI_MATIN = "JEU_MATIN", "Jeudi matin"
    JEUDI_APRES = "JEU_APRES", "Jeudi après-midi"
    VENDREDI_MATIN = "VEN_MATIN", "Vendredi matin"
    VENDREDI_APRES = "VEN_APRES", "Vendredi après-midi"
