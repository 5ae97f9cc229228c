"""Reply templates: texts an agent starts from, national or of one caisse."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from caisses.enums import Fonction, MomentModele
from caisses.models.caisse import Caisse
from caisses.models.referentiel import REFERENCE_RULES
from portal.free_text_fields import TexteLibreModelField
from portal.tenancy.policies import CAISSE, RealmPolicy


class ModeleQuerySet(models.QuerySet["ModeleReponse"]):
    """Reads of the reply templates."""

    def for_caisse(self, caisse_id: int) -> "ModeleQuerySet":
        """The national ones and those of a caisse."""
        return self.filter(Q(caisse__isnull=True) | Q(caisse_id=caisse_id))


class ModeleReponse(models.Model):
    """A text with variables (`caisses.variables`), for one moment of some functions, or of all when none is named."""

    code = models.SlugField("code", max_length=40, blank=True)
    caisse = models.ForeignKey(
        Caisse, models.CASCADE, null=True, blank=True, verbose_name="propre à la caisse", related_name="+"
    )
    nom = models.CharField("nom", max_length=80)
    moment = models.CharField("moment", max_length=10, choices=MomentModele.choices)
    fonctions = ArrayField(
        models.CharField(max_length=16, choices=Fonction.choices),
        verbose_name="services",
        default=list,
        blank=True,
    )
    texte = TexteLibreModelField("texte", max_length=1000)
    actif = models.BooleanField("actif", default=True)
    modifie_le = models.DateTimeField("modifié le", null=True)

    objects = ModeleQuerySet.as_manager()
    table_privileges = {"connexion": "", "partenaire": ""}

    class Meta:
        verbose_name = "modèle de réponse"
        verbose_name_plural = "modèles de réponse"
        ordering = ["moment", "nom", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["caisse", "moment", "nom"],
                name="modele_unique",
                nulls_distinct=False,
                violation_error_message="Un modèle porte déjà ce nom pour ce moment.",
            ),
            RealmPolicy(
                name="modele_reponse",
                rules={
                    "caisse": REFERENCE_RULES["caisse"],
                    "national": REFERENCE_RULES["national"],
                },
            ),
        ]

    def __str__(self) -> str:
        return self.nom


class UsageModele(models.Model):
    """How often the agents of a caisse have sent a text made from a template."""

    caisse = models.ForeignKey(Caisse, models.CASCADE, related_name="+")
    modele = models.ForeignKey(ModeleReponse, models.CASCADE, related_name="usages", db_index=False)
    nombre = models.PositiveIntegerField("nombre", default=0)

    table_privileges = {"connexion": "", "partenaire": ""}

    class Meta:
        verbose_name = "usage d’un modèle"
        verbose_name_plural = "usages des modèles"
        constraints = [
            models.UniqueConstraint(fields=["modele", "caisse"], name="usage_modele_unique"),
            RealmPolicy(name="usage_modele", rules={"caisse": CAISSE, "national": "true"}),
        ]

    def __str__(self) -> str:
        return f"{self.modele_id}\u00a0: {self.nombre}"
