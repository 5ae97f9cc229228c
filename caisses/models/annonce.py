"""Announcements: planned maintenance and incidents, shown on top of every page."""

from django.db import models


class Annonce(models.Model):
    """A banner shown to everybody between two dates (convention d'utilisation, art. 3.2)."""

    class Niveau(models.TextChoices):
        """How much it matters."""

        INFORMATION = "info", "Information"
        MAINTENANCE = "warning", "Maintenance"
        INCIDENT = "danger", "Incident"

    niveau = models.CharField("niveau", max_length=8, choices=Niveau.choices, default=Niveau.INFORMATION)
    titre = models.CharField("titre", max_length=120)
    texte = models.TextField("texte", blank=True)
    debut = models.DateTimeField("du")
    fin = models.DateTimeField("au")

    table_privileges = {"connexion": "SELECT", "partenaire": "SELECT", "caisse": "SELECT"}

    class Meta:
        verbose_name = "annonce"
        verbose_name_plural = "annonces et maintenance"
        ordering = ["-debut", "-id"]
        constraints = [
            models.CheckConstraint(
                name="annonce_dates",
                condition=models.Q(fin__gt=models.F("debut")),
                violation_error_message="La fin vient après le début.",
            )
        ]

    def __str__(self) -> str:
        return self.titre
