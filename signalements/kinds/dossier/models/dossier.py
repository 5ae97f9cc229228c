"""What a dossier adds to the envelope: the file itself, its household, its pièces, its periods (domaine.md §6.1)."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from caisses.models import Motif, TypePiece
from portal.free_text_fields import TexteLibreModelField
from portal.tenancy.policies import TenantForeignKey
from signalements.enums import PrecisionNaissance
from signalements.kinds.dossier.enums import (
    Controle,
    EtatPieceDossier,
    FinPeriode,
    Lien,
    Nature,
    Situation,
    TypeDossier,
)
from signalements.models.base import TENANT_COLUMNS, OfDemande, seen_through, tenant_constraints
from signalements.models.demande import Demande

SEEN = seen_through("signalements_demande", "demande_id")


class Dossier(OfDemande):
    """The file, and the decision once it is given.

    `origine` is the dossier it renews. `prochain_rappel_le` is the day the structure is next reminded that the
    right ends, `rappele_le` when it last was, `renouvelee` whether a renewal was sent since.
    """

    demande = models.OneToOneField(
        Demande, models.CASCADE, primary_key=True, related_name="dossier", db_constraint=False
    )
    type = models.CharField("type", max_length=20, choices=TypeDossier.choices)
    nature = models.CharField("nature", max_length=16, choices=Nature.choices)
    fin_droits = models.DateField("fin du droit en cours", null=True)
    adresse = models.CharField("adresse ou domiciliation", max_length=200)
    situations = ArrayField(
        models.CharField(max_length=16, choices=Situation.choices),
        verbose_name="situation",
        default=list,
        blank=True,
    )
    exception = models.CharField("motif d’exception (première AME)", max_length=40, blank=True)
    formulaire_complet = models.BooleanField("formulaire complet, daté et signé", default=False)
    aide_remplissage = models.BooleanField("aide au remplissage attestée", default=False)
    origine = models.ForeignKey(
        Demande,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="renouvelle",
        db_constraint=False,
        db_index=False,
    )

    decidee_le = models.DateField("date de la décision", null=True)
    effet_le = models.DateField("date d’effet", null=True)
    fin_le = models.DateField("date de fin", null=True)
    participation = models.BooleanField("avec participation", null=True)
    recours = TexteLibreModelField("voies de recours", max_length=1000, blank=True)
    prochain_rappel_le = models.DateField("prochain rappel de renouvellement", null=True)
    rappele_le = models.DateTimeField("renouvellement rappelé le", null=True)
    renouvelee = models.BooleanField("renouvellement envoyé", default=False)

    register = ("The file sent for the person and its decision (art. 1.2)", "as the demande")

    class Meta:
        verbose_name = "dossier"
        verbose_name_plural = "dossiers"
        indexes = [
            models.Index(
                fields=["prochain_rappel_le"],
                name="dossier_rappel",
                condition=Q(prochain_rappel_le__isnull=False),
            ),
            models.Index(
                fields=["partenaire", "fin_le"],
                name="dossier_a_renouveler",
                condition=Q(rappele_le__isnull=False, renouvelee=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="dossier_fin",
                condition=Q(fin_le__isnull=True) | Q(effet_le__isnull=False, fin_le__gte=F("effet_le")),
                violation_error_message="Un droit prend fin après avoir commencé.",
            ),
            models.CheckConstraint(
                name="dossier_premiere_ame",
                condition=~Q(type=TypeDossier.AME_PREMIERE) | Q(nature=Nature.PREMIERE),
                violation_error_message="Une première demande d’AME est une première demande.",
            ),
            TenantForeignKey(
                name="dossier_origine_locataire",
                columns=("origine_id", "partenaire_id", "caisse_id"),
                to="signalements_demande",
                to_columns=TENANT_COLUMNS,
            ),
            *tenant_constraints("dossier", caisse=SEEN),
        ]

    def __str__(self) -> str:
        return f"Dossier {self.demande_id}"


class Membre(OfDemande):
    """A member of the applicant's household, applicant excluded."""

    demande = models.ForeignKey(Demande, models.CASCADE, related_name="membres", db_constraint=False)
    rang = models.PositiveSmallIntegerField("rang")
    lien = models.CharField("lien", max_length=8, choices=Lien.choices)
    nom = models.CharField("nom", max_length=100)
    prenom = models.CharField("prénom", max_length=100)
    naissance = models.DateField("date de naissance")
    naissance_precision = models.CharField(
        "précision de la date",
        max_length=5,
        choices=PrecisionNaissance.choices,
        default=PrecisionNaissance.JOUR,
    )
    a_charge = models.BooleanField("à charge", default=False)

    register = ("The household a CSS or AME request covers", "as the demande")

    class Meta:
        verbose_name = "membre du foyer"
        verbose_name_plural = "membres du foyer"
        ordering = ["rang", "id"]
        constraints = tenant_constraints("dossier_membre", caisse=SEEN)

    def __str__(self) -> str:
        return f"Membre {self.rang} de la demande {self.demande_id}"


class PieceDossier(OfDemande):
    """An expected pièce: what the structure says of it, and what the caisse finds.

    Its files are the demande's pièces of the same kind.
    """

    demande = models.ForeignKey(Demande, models.CASCADE, related_name="pieces_dossier", db_constraint=False)
    type_piece = models.ForeignKey(TypePiece, models.PROTECT, related_name="+", verbose_name="pièce")
    rang = models.PositiveSmallIntegerField("rang")
    obligatoire = models.BooleanField("obligatoire", default=False)
    etat = models.CharField("état", max_length=14, choices=EtatPieceDossier.choices)
    raison = models.ForeignKey(Motif, models.PROTECT, null=True, related_name="+", verbose_name="raison")
    langue = models.CharField("langue", max_length=40, blank=True)
    traduction_jointe = models.BooleanField("traduction jointe", default=False)
    controle = models.CharField("contrôle", max_length=10, choices=Controle.choices, blank=True)
    observation = TexteLibreModelField("observation", max_length=200, blank=True)
    controlee_le = models.DateTimeField("contrôlée le", null=True)
    controlee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    raison_retour = models.CharField("motif de retour proposé", max_length=40, blank=True)

    register = ("The checklist of the file", "as the demande")

    class Meta:
        verbose_name = "pièce du dossier"
        verbose_name_plural = "pièces du dossier"
        ordering = ["rang", "id"]
        constraints = [
            models.UniqueConstraint(fields=["demande", "type_piece"], name="piece_dossier_unique"),
            models.CheckConstraint(
                name="piece_dossier_raison",
                condition=Q(etat__in=[EtatPieceDossier.PRESENTE, EtatPieceDossier.ATTENDUE])
                | Q(raison__isnull=False),
                violation_error_message="Une pièce manquante ou non concernée porte une raison.",
            ),
            *tenant_constraints("piece_dossier", caisse=SEEN),
        ]

    def __str__(self) -> str:
        return f"Pièce {self.rang} de la demande {self.demande_id}"


class Periode(OfDemande):
    """A period of instruction: from the reception of a complete dossier to the caisse's answer.

    A return for incompleteness is an answer: it ends the period, and the completed dossier opens another one. All
    are kept for the yearly bilan (decisions.md §3).
    """

    demande = models.ForeignKey(Demande, models.CASCADE, related_name="periodes", db_constraint=False)
    rang = models.PositiveSmallIntegerField("rang")
    recue_le = models.DateField("dossier reçu le")
    echeance = models.DateField("échéance (dernier bon jour)")
    close_le = models.DateField("close le", null=True)
    fin = models.CharField("fin", max_length=10, choices=FinPeriode.choices, blank=True)

    table_privileges = {
        "connexion": "",
        "partenaire": "SELECT, INSERT, UPDATE",
        "caisse": "SELECT, INSERT, UPDATE",
    }
    register = ("Periods of instruction, for the yearly bilan (MAR-5, UD21-III)", "as the demande")

    class Meta:
        verbose_name = "période d’instruction"
        verbose_name_plural = "périodes d’instruction"
        ordering = ["rang"]
        constraints = [
            models.UniqueConstraint(fields=["demande", "rang"], name="periode_unique"),
            models.CheckConstraint(
                name="periode_close",
                condition=Q(close_le__isnull=True, fin="") | Q(close_le__gte=F("recue_le")) & ~Q(fin=""),
                violation_error_message="Une période close dit ce qui l’a close, et quand.",
            ),
            *tenant_constraints("periode", caisse=SEEN),
        ]

    def __str__(self) -> str:
        return f"Période {self.rang} de la demande {self.demande_id}"
