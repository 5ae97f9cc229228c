"""The person helped."""

from django.db import models
from django.db.models import Q

from signalements.enums import CivilitePersonne, PrecisionNaissance
from signalements.models.base import OfDemande, seen_through, tenant_constraints
from signalements.models.demande import Demande


class Personne(OfDemande):
    """The person helped (convention d'utilisation, art. 5): never a NIR."""

    demande = models.OneToOneField(
        Demande, models.CASCADE, primary_key=True, related_name="personne", db_constraint=False
    )
    civilite = models.CharField("civilité", max_length=3, choices=CivilitePersonne.choices)
    nom_naissance = models.CharField("nom de naissance", max_length=100)
    nom_usage = models.CharField("nom d’usage", max_length=100, blank=True)
    prenom = models.CharField("prénom", max_length=100)
    naissance = models.DateField("date de naissance")
    naissance_precision = models.CharField(
        "précision de la date",
        max_length=5,
        choices=PrecisionNaissance.choices,
        default=PrecisionNaissance.JOUR,
    )
    departement = models.CharField("département de résidence", max_length=3)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    courriel = models.EmailField("adresse électronique", blank=True)
    commune = models.CharField("commune", max_length=100, blank=True)
    nom_recherche = models.CharField(max_length=100, db_collation="C", editable=False)
    nom_usage_recherche = models.CharField(max_length=100, db_collation="C", blank=True, editable=False)
    prenom_recherche = models.CharField(max_length=100, db_collation="C", editable=False)

    class Meta:
        verbose_name = "personne accompagnée"
        verbose_name_plural = "personnes accompagnées"
        indexes = [
            models.Index(
                fields=["caisse", "nom_recherche", "prenom_recherche", "naissance"],
                name="personne_caisse_nom",
            ),
            models.Index(
                fields=["partenaire", "nom_recherche", "prenom_recherche", "naissance"],
                name="personne_partenaire_nom",
            ),
            models.Index(
                fields=["caisse", "nom_usage_recherche"],
                name="personne_caisse_usage",
                condition=~Q(nom_usage_recherche=""),
            ),
            models.Index(
                fields=["partenaire", "nom_usage_recherche"],
                name="personne_partenaire_usage",
                condition=~Q(nom_usage_recherche=""),
            ),
            models.Index(fields=["caisse", "prenom_recherche"], name="personne_caisse_prenom"),
            models.Index(fields=["partenaire", "prenom_recherche"], name="personne_partenaire_prenom"),
            models.Index(fields=["caisse", "naissance"], name="personne_caisse_naissance"),
            models.Index(fields=["partenaire", "naissance"], name="personne_part_naissance"),
        ]
        constraints = tenant_constraints(
            "personne",
            caisse=seen_through("signalements_demande", "demande_id"),
        )

    def __str__(self) -> str:
        return f"Personne de la demande {self.demande_id}"

    @property
    def nom_complet(self) -> str:
        """First name and names, as shown on screens."""
        return nom_complet(self.prenom, self.nom_usage, self.nom_naissance, self.civilite)


def nom_complet(prenom: str, nom_usage: str, nom_naissance: str, civilite: str) -> str:
    """First name and names: « Jeanne MARTIN (née DURAND) »."""
    usage, naissance = nom_usage.upper(), nom_naissance.upper()
    if usage and usage != naissance:
        nee = "né" if civilite == CivilitePersonne.MONSIEUR else "née"
        return f"{prenom} {usage} ({nee} {naissance})"
    return f"{prenom} {naissance}"
