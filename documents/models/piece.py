"""A pièce: a file somebody joined, quarantined until an explicit verdict, encrypted at rest."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.memberships import Membership
from caisses.enums import Fonction
from caisses.models import Caisse
from documents.enums import EtatPiece, MotifRefus, OrigineFichier
from partners.models import Partenaire
from portal import clock
from portal.identifiers import uuid7
from portal.tenancy.policies import PARTENAIRE, RealmPolicy, reached

SANS_TERME = (OrigineFichier.PARTENAIRE, OrigineFichier.CONVENTION)
"""The files that are kept as long as what they belong to."""
SENT = "transmise_le - interval '5 seconds'"


class PieceQuerySet(models.QuerySet["Piece"]):
    """Reads of the pièces; the database policies hold the same lines."""

    def visible_to(self, membership: Membership) -> "PieceQuerySet":
        """The pièces this membership may see: a technicien those of the structure, for the caisses open today;
        the staff of a caisse those sent to it, of the kinds of demande it handles; anybody else none.

        A document of the caisse is the technicien's once it was given, until it expires, and while the convention
        with that caisse carries the right (art. 1.3, 5).
        """
        now = clock.now()
        if membership.is_technicien:
            given = Q(
                origine=OrigineFichier.CAISSE,
                transmise_le__lte=now,
                expire_le__gt=now,
                caisse_id__in=membership.caisses_sortantes,
            )
            return self.filter(
                Q(origine=OrigineFichier.PARTENAIRE) | given,
                partenaire_id=membership.partenaire_id,
                caisse_id__in=membership.caisses_ouvertes,
            )
        if membership.handles_demandes:
            sent = Q(transmise_le__lte=now) | Q(origine=OrigineFichier.CAISSE)
            rows = self.filter(sent, caisse_id=membership.caisse_id, efface_le__isnull=True)
            rows = rows.exclude(origine=OrigineFichier.CONVENTION)
            if membership.fonctions_traitees is not None:
                rows = rows.filter(fonction__in=membership.fonctions_traitees)
            return rows
        return self.none()


class Piece(models.Model):
    """A file. Its content lives encrypted in the storage « pieces » under `chemin`; here is what is known of it.

    The caisse sees it from the moment it was sent (`transmise_le`), the partner from the moment it was added.
    The other way round, a document the caisse gives (`origine` « caisse ») is its own from the start and the partner's
    from `transmise_le` to `expire_le`; then its content is erased (`efface_le`) and the row stays. `filigrane` is what
    is written on each of its pages.
    A document of a convention (`origine` « convention ») is of no service, and of nobody who works on demandes.
    A photo becomes a PDF when it is analysed: `type_mime`, `taille` and `pages` then speak of the PDF.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    caisse = models.ForeignKey(Caisse, models.PROTECT, related_name="+")
    partenaire = models.ForeignKey(Partenaire, models.PROTECT, related_name="+")
    fonction = models.CharField("service", max_length=16, choices=Fonction.choices, blank=True)
    nom = models.CharField("nom du fichier", max_length=120)
    type_mime = models.CharField("type", max_length=40)
    taille = models.PositiveIntegerField("taille (octets)")
    pages = models.PositiveSmallIntegerField("pages", null=True)
    empreinte = models.CharField("empreinte SHA-256", max_length=64)
    chemin = models.CharField("chemin dans le coffre", max_length=120, unique=True)
    cle_fichier = models.BinaryField("clé du fichier, chiffrée")
    cle_id = models.CharField("clé de chiffrement des clés", max_length=40)
    etat = models.CharField("état", max_length=10, choices=EtatPiece.choices, default=EtatPiece.EN_ANALYSE)
    motif_refus = models.CharField("motif de refus", max_length=10, choices=MotifRefus.choices, blank=True)
    moteur = models.CharField("moteur d’analyse", max_length=80, blank=True)
    analysee_le = models.DateTimeField("analysée le", null=True)
    essais = models.PositiveSmallIntegerField("essais d’analyse", default=0)
    prochain_essai_le = models.DateTimeField("prochain essai le")
    nette = models.BooleanField("nette", null=True)
    deposee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="déposée par"
    )
    deposee_le = models.DateTimeField("déposée le")
    transmise_le = models.DateTimeField("transmise le", null=True)
    origine = models.CharField(
        "origine", max_length=10, choices=OrigineFichier.choices, default=OrigineFichier.PARTENAIRE
    )
    filigrane = models.CharField("filigrane", max_length=200, blank=True, default="", db_default="")
    expire_le = models.DateTimeField("disponible jusqu’au", null=True)
    efface_le = models.DateTimeField("contenu effacé le", null=True)
    cle = models.UUIDField("clé d’envoi", default=uuid.uuid4)

    objects = PieceQuerySet.as_manager()
    table_privileges = {"connexion": ""}

    class Meta:
        verbose_name = "pièce"
        verbose_name_plural = "pièces"
        ordering = ["deposee_le", "id"]
        indexes = [
            models.Index(
                fields=["prochain_essai_le"],
                name="piece_a_analyser",
                condition=Q(etat=EtatPiece.EN_ANALYSE),
            ),
            models.Index(
                fields=["expire_le"],
                name="piece_a_effacer",
                condition=Q(expire_le__isnull=False, efface_le__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["id", "partenaire", "caisse"], name="piece_locataire"),
            models.UniqueConstraint(fields=["partenaire", "cle"], name="piece_cle_unique"),
            models.CheckConstraint(
                name="piece_saine_analysee",
                condition=~Q(etat=EtatPiece.SAINE) | Q(analysee_le__isnull=False),
                violation_error_message="Une pièce saine a été analysée.",
            ),
            models.CheckConstraint(
                name="piece_refusee_motivee",
                condition=Q(etat=EtatPiece.REFUSEE) ^ Q(motif_refus=""),
                violation_error_message="Un refus porte un motif, et lui seul.",
            ),
            models.CheckConstraint(
                name="piece_sortante_expire",
                condition=Q(origine__in=SANS_TERME, expire_le__isnull=True)
                | Q(origine=OrigineFichier.CAISSE, expire_le__isnull=False),
                violation_error_message="Un document remis par la caisse expire, et lui seul.",
            ),
            RealmPolicy(
                name="piece",
                rules={
                    "partenaire": {
                        "select": f"{PARTENAIRE} AND (origine <> 'caisse' OR {reached('transmise_le')})",
                        **dict.fromkeys(
                            ("insert", "update", "delete"),
                            f"{PARTENAIRE} AND (origine = 'partenaire' OR "
                            f"origine = 'caisse' AND {reached('transmise_le')})",
                        ),
                    },
                    "caisse": {
                        # Some seconds of slack: what the caisse itself has just sent by another clock.
                        "select": f"caisse_id = {{tenant}} AND (origine = 'caisse' OR {reached(SENT)})",
                        **dict.fromkeys(
                            ("insert", "update", "delete"),
                            "caisse_id = {tenant} AND (origine = 'caisse' OR transmise_le IS NOT NULL)",
                        ),
                    },
                    # It runs conventions too, and sees no file of a demande.
                    "national": "origine = 'convention'",
                },
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def est_saine(self) -> bool:
        """Whether its content may be opened."""
        return self.etat == EtatPiece.SAINE

    @property
    def conseil(self) -> str:
        """What to look at before it is sent (art. 3.1-g): advice only, the file may be kept."""
        return "Photo floue, à refaire\u00a0? Gardez-la si elle se lit bien." if self.nette is False else ""

    @property
    def numeros(self) -> range:
        """The numbers of its pages, from 1."""
        return range(1, (self.pages or 1) + 1)
