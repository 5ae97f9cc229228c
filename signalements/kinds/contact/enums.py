"""Choices of the question."""

from django.db import models


class Portee(models.TextChoices):
    """What the question is about."""

    PERSONNE = "PERSONNE", "Une personne que vous accompagnez"
    GENERALE = "GENERALE", "Une question générale, sans parler de quelqu’un"
