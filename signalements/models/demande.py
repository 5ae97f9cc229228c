"""The demande: the envelope every kind shares, and the draft."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from caisses.enums import Fonction
from caisses.models import Caisse, Equipe, Motif
from partners.models import Convention, Partenaire
from portal import clock
from portal.tenancy.policies import PARTENAIRE, RealmPolicy, TenantForeignKey, reached
from signalements.enums import (
    STATUTS_CHEZ_LA_CAISSE,
    STATUTS_CLOS,
    STATUTS_OUVERTS,
    Issue,
    ModeAccord,
    Statut,
)
from signalements.models.base import OfDemande, tenant_constraints
from signalements.querysets import RANG, DemandeQuerySet


class Demande(models.Model):
    """A demande of a structure to a caisse. It belongs to the structure, not to its author (domaine.md §1.3).

    It holds no identity: the person stands in `Personne`. `echeance` is the last good day, in the caisse's
    zone; what is shown of it (close, late, suspended) is computed when read. `promesse_tenue_le` is when what was
    promised happened before the end (the first contact of a saisine): from then on it is no longer late.
    `auteur` is the technicien in charge of it in the structure: who began it, then who sent it, then who took it
    over; who did what stands in the Passage rows. `a_reprendre_le`: that account was closed and nobody took over.
    `pieces_presentes` of `pieces_attendues` are joined, for a kind with a checklist.
    `envoyee_le` may lie two minutes ahead: until then the structure may undo the sending, and the caisse sees
    nothing of it.
    """

    reference = models.CharField("référence", max_length=24)
    fonction = models.CharField("service", max_length=16, choices=Fonction.choices)
    # The composite key to the convention holds all three (decision 0024).
    caisse = models.ForeignKey(
        Caisse,
        models.PROTECT,
        related_name="demandes",
        verbose_name="caisse",
        db_constraint=False,
        db_index=False,
    )
    partenaire = models.ForeignKey(
        Partenaire,
        models.PROTECT,
        related_name="demandes",
        verbose_name="structure",
        db_constraint=False,
        db_index=False,
    )
    convention = models.ForeignKey(
        Convention,
        models.PROTECT,
        related_name="+",
        verbose_name="convention",
        db_constraint=False,
        db_index=False,
    )
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="technicien",
        db_index=False,
    )
    assignee_a = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="attribuée à",
        db_index=False,
    )
    # The composite key to the team holds the caisse too (decision 0024).
    equipe = models.ForeignKey(
        Equipe,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="équipe",
        db_constraint=False,
        db_index=False,
    )
    statut = models.CharField("statut", max_length=12, choices=Statut.choices, default=Statut.BROUILLON)
    issue = models.CharField("issue", max_length=32, choices=Issue.choices, blank=True)
    motif_issue = models.ForeignKey(
        Motif,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="motif de l’issue",
        db_index=False,
    )
    version = models.PositiveIntegerField("version", default=1)
    cle_creation = models.UUIDField("clé de création", default=uuid.uuid4)

    urgente = models.BooleanField("urgente", default=False)
    motif_urgence = models.ForeignKey(
        Motif,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="motif d’urgence",
        db_index=False,
    )
    date_limite = models.DateField("date limite connue", null=True, blank=True)

    sans_personne = models.BooleanField("ne concerne personne", default=False, db_default=False)
    information_donnee = models.BooleanField("information donnée à la personne", default=False)
    accord_recueilli = models.BooleanField("accord recueilli", default=False)
    accord_le = models.DateField("accord recueilli le", null=True, blank=True)
    accord_mode = models.CharField("mode de l’accord", max_length=12, choices=ModeAccord.choices, blank=True)

    cree_le = models.DateTimeField("créée le")
    modifiee_le = models.DateTimeField("dernière action le")
    envoyee_le = models.DateTimeField("envoyée le", null=True)
    prise_en_charge_le = models.DateTimeField("prise en charge le", null=True)
    traitee_le = models.DateTimeField("traitée le", null=True)

    delai_jours = models.PositiveSmallIntegerField("délai promis (jours)", null=True)
    echeance = models.DateField("échéance (dernier bon jour)", null=True)
    suspendue_le = models.DateField("délai suspendu depuis", null=True)
    reste_jours = models.SmallIntegerField("jours restants à la suspension", null=True)
    jours_attente = models.PositiveSmallIntegerField("jours d’attente de la structure", default=0)
    promesse_tenue_le = models.DateTimeField("promesse tenue le", null=True)

    pieces_presentes = models.PositiveSmallIntegerField("pièces présentes", null=True)
    pieces_attendues = models.PositiveSmallIntegerField("pièces attendues", null=True)

    rappel_proche_le = models.DateTimeField("échéance proche annoncée le", null=True)
    retard_annonce_le = models.DateTimeField("retard annoncé le", null=True)
    rappel_complement_le = models.DateTimeField("complément rappelé le", null=True)
    a_reprendre_le = models.DateTimeField("laissée par son technicien le", null=True)
    effacee_le = models.DateTimeField("données personnelles effacées le", null=True)

    objects = DemandeQuerySet.as_manager()
    table_privileges = {"connexion": ""}

    class Meta:
        verbose_name = "demande"
        verbose_name_plural = "demandes"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["partenaire", "-modifiee_le", "-id"], name="demande_partenaire_recent"),
            # The caisse is included, so that tabs are counted from the index alone.
            models.Index(
                fields=["partenaire", "statut", "-modifiee_le", "-id"],
                include=["caisse"],
                name="demande_partenaire_onglets",
            ),
            # The queues, by RANG. What the policy of the caisse and RANG read is included, so that tabs are counted
            # from the index alone.
            models.Index(
                "caisse",
                F("urgente").desc(),
                RANG,
                "id",
                include=["echeance", "envoyee_le", "promesse_tenue_le", "statut"],
                name="demande_file_rang",
                condition=Q(statut__in=sorted(STATUTS_CHEZ_LA_CAISSE)),
            ),
            models.Index(
                "caisse",
                "statut",
                F("urgente").desc(),
                RANG,
                "id",
                include=["echeance", "envoyee_le", "promesse_tenue_le"],
                name="demande_statut_rang",
            ),
            # What the workload and the counters of the statistics look at is included: both count from the index.
            models.Index(
                "caisse",
                "assignee_a",
                F("urgente").desc(),
                RANG,
                "id",
                include=[
                    "echeance",
                    "envoyee_le",
                    "promesse_tenue_le",
                    "statut",
                    "equipe",
                    "partenaire",
                    "fonction",
                ],
                name="demande_charge",
                condition=Q(statut__in=sorted(STATUTS_OUVERTS)),
            ),
            models.Index(fields=["caisse", "-modifiee_le", "-id"], name="demande_caisse_recent"),
            models.Index(
                fields=["echeance", "id"],
                name="demande_echeance",
                condition=Q(statut__in=sorted(STATUTS_CHEZ_LA_CAISSE), promesse_tenue_le__isnull=True),
            ),
            models.Index(
                fields=["suspendue_le", "id"],
                name="demande_suspendue",
                condition=Q(statut=Statut.A_COMPLETER),
            ),
            models.Index(
                fields=["modifiee_le", "id"], name="demande_brouillon", condition=Q(statut=Statut.BROUILLON)
            ),
            models.Index(
                fields=["modifiee_le", "id"],
                name="demande_a_effacer",
                condition=Q(statut__in=sorted(STATUTS_CLOS), effacee_le__isnull=True),
            ),
            models.Index(
                fields=["assignee_a"], name="demande_attribuee", condition=Q(assignee_a__isnull=False)
            ),
            models.Index(
                fields=["partenaire"], name="demande_a_reprendre", condition=Q(a_reprendre_le__isnull=False)
            ),
        ]
        constraints = [
            # Not on the field: it would bring a second index, for LIKE.
            models.UniqueConstraint(fields=["reference"], name="demande_reference_unique"),
            models.UniqueConstraint(fields=["id", "partenaire", "caisse"], name="demande_locataire"),
            models.UniqueConstraint(fields=["partenaire", "cle_creation"], name="demande_cle_unique"),
            models.CheckConstraint(
                name="demande_envoyee",
                condition=Q(statut__in=[Statut.BROUILLON, Statut.ANNULEE])
                | Q(envoyee_le__isnull=False, delai_jours__isnull=False),
                violation_error_message="Une demande envoyée porte sa date d’envoi et son délai.",
            ),
            models.CheckConstraint(
                name="demande_issue",
                condition=Q(statut=Statut.TRAITEE) & ~Q(issue="") & Q(traitee_le__isnull=False)
                | ~Q(statut=Statut.TRAITEE) & Q(issue="", traitee_le__isnull=True),
                violation_error_message="Une demande traitée porte une issue, et elle seule.",
            ),
            models.CheckConstraint(
                name="demande_suspension",
                condition=Q(statut=Statut.A_COMPLETER, suspendue_le__isnull=False, reste_jours__isnull=False)
                | ~Q(statut=Statut.A_COMPLETER) & Q(suspendue_le__isnull=True, reste_jours__isnull=True),
                violation_error_message="Le délai est suspendu tant que la demande est à compléter.",
            ),
            models.CheckConstraint(
                name="demande_urgence",
                condition=Q(urgente=False, motif_urgence__isnull=True)
                | Q(urgente=True, motif_urgence__isnull=False),
                violation_error_message="Une urgence porte un motif.",
            ),
            models.CheckConstraint(
                name="demande_information",
                condition=Q(statut__in=[Statut.BROUILLON, Statut.ANNULEE])
                | Q(information_donnee=True)
                | Q(sans_personne=True),
                violation_error_message="La personne est informée avant l’envoi (annexe, art. 5).",
            ),
            models.CheckConstraint(
                name="demande_dates",
                condition=Q(envoyee_le__isnull=True) | Q(envoyee_le__gte=F("cree_le")),
                violation_error_message="Une demande est envoyée après sa création.",
            ),
            TenantForeignKey(
                name="demande_convention_locataire",
                columns=("convention_id", "partenaire_id", "caisse_id"),
                to="partners_convention",
                to_columns=("id", "partenaire_id", "caisse_id"),
            ),
            TenantForeignKey(
                name="demande_equipe_locataire",
                columns=("equipe_id", "caisse_id"),
                to="caisses_equipe",
                to_columns=("id", "caisse_id"),
            ),
            RealmPolicy(
                name="demande",
                rules={
                    "partenaire": PARTENAIRE,
                    # A draft is nobody's but the structure's, and so is a sending that can still be undone.
                    "caisse": f"caisse_id = {{tenant}} AND {reached('envoyee_le')}",
                },
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def est_retenue(self) -> bool:
        """Whether its sending can still be undone: the caisse has not received it yet."""
        return self.statut == Statut.ENVOYEE and self.envoyee_le is not None and clock.now() < self.envoyee_le

    @property
    def est_effacee(self) -> bool:
        """Whether its person, its words and its files are gone."""
        return self.effacee_le is not None

    @property
    def est_ouverte(self) -> bool:
        """Whether somebody still has something to do."""
        return self.statut in STATUTS_OUVERTS


class Brouillon(OfDemande):
    """What a technicien has typed so far, raw, step by step: it may be incomplete or wrong, it is never lost.

    It outlives the sending while that can be undone, until `a_effacer_le`. `versions` says of each step how often it
    was saved, by whom and when, so that two people in one draft do not overwrite each other.

    Only the structure sees it; the caisse's role has no policy on this table.
    """

    demande = models.OneToOneField(
        Demande, models.CASCADE, primary_key=True, related_name="brouillon", db_constraint=False
    )
    etape = models.CharField("étape", max_length=20)
    donnees = models.JSONField("saisie", default=dict)
    versions = models.JSONField("versions des étapes", default=dict, db_default={})
    modifie_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    a_effacer_le = models.DateTimeField("à effacer le", null=True)

    class Meta:
        verbose_name = "brouillon"
        verbose_name_plural = "brouillons"
        indexes = [
            models.Index(
                fields=["a_effacer_le"],
                name="brouillon_a_effacer",
                condition=Q(a_effacer_le__isnull=False),
            )
        ]
        constraints = tenant_constraints("brouillon", caisse=None)

    def __str__(self) -> str:
        return f"Brouillon {self.demande_id}"
