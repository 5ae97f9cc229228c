"""Choices of the partners and conventions."""

from django.db import models


class TypePartenaire(models.TextChoices):
    """What kind of structure a partner is."""

    CCAS = "CCAS", "CCAS"
    CIAS = "CIAS", "CIAS"
    ASSOCIATION = "ASSOCIATION", "Association"
    TUTELLE = "TUTELLE", "Service de tutelle (MJPM)"
    ASE = "ASE", "Aide sociale à l’enfance"
    SIAO = "SIAO", "SIAO"
    HEBERGEMENT = "HEBERGEMENT", "Structure d’hébergement"
    UNION = "UNION", "Union départementale"
    AUTRE = "AUTRE", "Autre structure"


class NatureConvention(models.TextChoices):
    """The kinds of convention (decisions.md §1.9)."""

    METIER = "METIER", "Convention métier"
    UTILISATION = "UTILISATION", "Convention d’utilisation"
    METIER_UNION = "METIER_UNION", "Convention métier d’union"
    TRIPARTITE = "TRIPARTITE", "Convention tripartite"


NATURES_METIER = frozenset({NatureConvention.METIER, NatureConvention.METIER_UNION})


class EtatConvention(models.TextChoices):
    """The life of a convention."""

    BROUILLON = "BROUILLON", "Brouillon"
    EN_SIGNATURE = "EN_SIGNATURE", "En signature"
    ACTIVE = "ACTIVE", "Active"
    MISE_EN_DEMEURE = "EN_DEMEURE", "Mise en demeure"
    SUSPENDUE = "SUSPENDUE", "Suspendue"
    RESILIEE = "RESILIEE", "Résiliée"
    EXPIREE = "EXPIREE", "Expirée"


EN_VIGUEUR = (EtatConvention.ACTIVE, EtatConvention.MISE_EN_DEMEURE)
"""States in which a convention has its effects: a mise en demeure takes nothing away before its term."""
VIVANTES = (*EN_VIGUEUR, EtatConvention.SUSPENDUE)
"""States of a convention that has begun and is not over."""
FINIES = (EtatConvention.RESILIEE, EtatConvention.EXPIREE)


class RegimePreavis(models.TextChoices):
    """How a party may leave without a fault of the other (domaine.md §2.3)."""

    AUCUN = "AUCUN", "Aucune dénonciation prévue"
    ECHEANCE = "ECHEANCE", "Avant l’échéance, avec un préavis"
    TOUT_MOMENT = "TOUT_MOMENT", "À tout moment"


class MotifFin(models.TextChoices):
    """Why a convention ended."""

    DENONCIATION = "DENONCIATION", "Dénonciation par une partie"
    MANQUEMENT = "MANQUEMENT", "Manquement, après mise en demeure"
    ACCORD = "ACCORD", "Commun accord des parties"
    METIER = "METIER", "Fin de la convention métier"
    TERME = "TERME", "Arrivée à son terme"


class SuiteDemandes(models.TextChoices):
    """What becomes of the demandes still open when a convention ends; the caisse chooses."""

    TERMINER = "TERMINER", "La caisse les termine"
    CLORE = "CLORE", "La caisse les clôt sans suite"


class NiveauEngagement(models.IntegerChoices):
    """How far a member of a union commits itself (convention d'union, art. II)."""

    AUCUN = 0, "Ne souhaite pas conventionner"
    INFORMATION = 1, "Niveau 1"
    RELAIS = 2, "Niveau 2"
    DOSSIERS = 3, "Niveau 3"


class ActeConvention(models.TextChoices):
    """What happened to a convention, as its log says it."""

    ETAT = "ETAT", "Changement d’état"
    SIGNATURE = "SIGNATURE", "Signature d’une partie"
    DENONCIATION = "DENONCIATION", "Dénonciation"
    RETRAIT = "RETRAIT", "Dénonciation retirée"
    RECEPTION = "RECEPTION", "Réception de la mise en demeure"
    EVALUATION = "EVALUATION", "Évaluation de la première année"
    RECONDUCTION = "RECONDUCTION", "Reconduction"
    AVENANT = "AVENANT", "Avenant"
    REFERENT = "REFERENT", "Changement de référent"


class NatureChangement(models.TextChoices):
    """What a change of référent does."""

    REMPLACEMENT = "REMPLACEMENT", "Remplacer un référent, ou corriger ses coordonnées"
    AJOUT = "AJOUT", "Ajouter un référent"
    RETRAIT = "RETRAIT", "Retirer un référent"


class EtatChangement(models.TextChoices):
    """What became of a change of référent."""

    PROPOSE = "PROPOSE", "Attend la caisse"
    CONFIRME = "CONFIRME", "Confirmé"
    REFUSE = "REFUSE", "Refusé"
    RETIRE = "RETIRE", "Retiré par la structure"


class Reconduction(models.TextChoices):
    """What happens at the anniversary."""

    TACITE = "TACITE", "Tacite"
    EXPRESSE = "EXPRESSE", "Expresse"
    AUCUNE = "AUCUNE", "Aucune"


class DepartDelai(models.TextChoices):
    """Where the delay of a mise en demeure starts."""

    ENVOI = "ENVOI", "À l’envoi"
    RECEPTION = "RECEPTION", "À la réception"


class Partie(models.TextChoices):
    """A party to a convention."""

    CAISSE = "CAISSE", "Caisse"
    PARTENAIRE = "PARTENAIRE", "Structure"
    TIERS = "TIERS", "Tiers signataire"
