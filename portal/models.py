"""The periodic work of the portal: when each sweep last ran."""

from django.db import models


class Balayage(models.Model):
    """The last run of a sweep, in real time whatever `--at` says; it is also the worker's heartbeat."""

    nom = models.CharField("nom", max_length=40, primary_key=True)
    debut = models.DateTimeField("commencé le")
    fin = models.DateTimeField("terminé le", null=True)
    lignes = models.PositiveIntegerField("lignes traitées", default=0)
    erreur = models.CharField("dernière erreur", max_length=200, blank=True)

    table_privileges = {"*": "SELECT", "systeme": "SELECT, INSERT, UPDATE"}

    class Meta:
        verbose_name = "tâche périodique"
        verbose_name_plural = "tâches périodiques"
        ordering = ["nom"]

    def __str__(self) -> str:
        return self.nom
