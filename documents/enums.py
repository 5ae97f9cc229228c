"""Choices of the documents."""

from django.db import models


class EtatPiece(models.TextChoices):
    """Only a SAINE piece can be downloaded (decisions.md §5)."""

    EN_ANALYSE = "EN_ANALYSE", "Analyse en cours"
    SAINE = "SAINE", "Fichier vérifié"
    REFUSEE = "REFUSEE", "Fichier refusé"


class MotifRefus(models.TextChoices):
    """Why a file was refused once analysed."""

    INFECTEE = "INFECTEE", "Le fichier contient un virus."
    ILLISIBLE = "ILLISIBLE", "Le fichier ne peut pas être lu."
    CONTENU = "CONTENU", "Le contenu du fichier n'est pas accepté."
