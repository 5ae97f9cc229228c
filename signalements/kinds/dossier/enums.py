"""Choices of a dossier (domaine.md §6)."""

from django.db import models


class TypeDossier(models.TextChoices):
    """What is asked for. A first AME request is another type: only its preparation goes through a structure."""

    CSS = "CSS", "Complémentaire santé solidaire (CSS)"
    PUMA = "PUMA", "Ouverture de droits (PUMa)"
    AME_RENOUVELLEMENT = "AME_RENOUVELLEMENT", "Renouvellement de l’aide médicale de l’État (AME)"
    AME_PREMIERE = "AME_PREMIERE", "Première demande d’aide médicale de l’État (AME)"


class Nature(models.TextChoices):
    """Whether it is the first time."""

    PREMIERE = "PREMIERE", "Première demande"
    RENOUVELLEMENT = "RENOUVELLEMENT", "Renouvellement"
    COMPLEMENT = "COMPLEMENT", "Complément d’un dossier déjà déposé"


class Situation(models.TextChoices):
    """What of the situation asks for other pièces; none of it is medical."""

    VECU_ETRANGER = "VECU_ETRANGER", "A vécu à l’étranger pendant les 12 derniers mois"
    NE_ETRANGER = "NE_ETRANGER", "Est née à l’étranger"
    ACTIVITE = "ACTIVITE", "Travaille, ou a travaillé récemment"
    DISPENSE = (
        "DISPENSE",
        "Est dispensée des trois mois de résidence (réfugiée, RSA, AAH, retour de volontariat…)",
    )
    HEBERGEE = "HEBERGEE", "Est hébergée par un proche ou une structure"
    DOMICILIEE = "DOMICILIEE", "Est domiciliée (CCAS ou organisme agréé)"
    TUTELLE = "TUTELLE", "Est sous tutelle ou curatelle"
    PARTICIPATION = "PARTICIPATION", "Paiera peut-être une participation (prélèvement)"


class Lien(models.TextChoices):
    """What a member of the household is to the applicant."""

    CONJOINT = "CONJOINT", "Conjoint, concubin ou partenaire de Pacs"
    ENFANT = "ENFANT", "Enfant"
    AUTRE = "AUTRE", "Autre personne"


class EtatPieceDossier(models.TextChoices):
    """What the structure says of an expected pièce; « à joindre » when it was never asked."""

    PRESENTE = "PRESENTE", "Présente"
    MANQUANTE = "MANQUANTE", "Manquante"
    NON_CONCERNEE = "NON_CONCERNEE", "Non concernée"
    ATTENDUE = "ATTENDUE", "À joindre"


class Controle(models.TextChoices):
    """What the caisse finds of a pièce."""

    CONFORME = "CONFORME", "Conforme"
    ILLISIBLE = "ILLISIBLE", "Illisible"
    MANQUANTE = "MANQUANTE", "Manquante"
    AUTRE = "AUTRE", "Autre"


class FinPeriode(models.TextChoices):
    """What ended a period of instruction."""

    RETOUR = "RETOUR", "Retour pour incomplétude"
    DECISION = "DECISION", "Décision"
    ANNULATION = "ANNULATION", "Annulation par la structure"
    REORIENTEE = "REORIENTEE", "Changement de service"


class Silence(models.TextChoices):
    """What the law reads in the caisse's silence."""

    ACCORD = "ACCORD", "Accord"
    REFUS = "REFUS", "Refus"
