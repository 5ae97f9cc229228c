"""Choices of the partners and conventions."""

from django.db import models


class TypePartenaire(models.TextChoices):
    """What kind of structure a partner is."""

    CCAS = "CCAS", "CCAS"
    CIAS = "CIAS", "CIAS"
    ASSOCIATION = "ASSOCIATION", "Association"
    TUTELLE = "TUTELLE", "Service de tutelle (MJPM)"
    ASE = "ASE", "Aide sociale à l'enfance"
    SIAO = "SIAO", "SIAO"
    HEBERGEMENT = "HEBERGEMENT", "Structure d'hébergement"
    UNION = "UNION", "Union départementale"
    AUTRE = "AUTRE", "Autre structure"


class NatureConvention(models.TextChoices):
    """The kinds of convention (decisions.md §1.9)."""

    METIER = "METIER", "Convention métier"
    UTILISATION = "UTILISATION", "Convention d'utilisation"
    METIER_UNION = "METIER_UNION", "Convention métier d'union"
    TRIPARTITE = "TRIPARTITE", "Convention tripartite"


NATURES_METIER = frozenset({NatureConvention.METIER, NatureConvention.METIER_UNION})


class EtatConvention(models.TextChoices):
    """The life of a convention."""

    BROUILLON = "BROUILLON", "Brouillon"
    EN_SIGNATURE = "EN_SIGNATURE", "En signature"
    ACTIVE = "ACTIVE", "Active"
    SUSPENDUE = "SUSPENDUE", "Suspendue"
    RESILIEE = "RESILIEE", "Résiliée"
    EXPIREE = "EXPIREE", "Expirée"


class Reconduction(models.TextChoices):
    """What happens at the anniversary."""

    TACITE = "TACITE", "Tacite"
    EXPRESSE = "EXPRESSE", "Expresse"
    AUCUNE = "AUCUNE", "Aucune"


class DepartDelai(models.TextChoices):
    """Where the delay of a mise en demeure starts."""

    ENVOI = "ENVOI", "À l'envoi"
    RECEPTION = "RECEPTION", "À la réception"


class Partie(models.TextChoices):
    """A party to a convention."""

    CAISSE = "CAISSE", "Caisse"
    PARTENAIRE = "PARTENAIRE", "Structure"
    TIERS = "TIERS", "Tiers signataire"
