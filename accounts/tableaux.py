"""The tableau d’habilitations (art. 4.2): every account of a structure, or of those a caisse follows, to take away."""

from collections.abc import Iterator, Sequence

from django.db.models import OuterRef, Subquery
from django.http import HttpResponse

from accounts.enums import Profil
from accounts.memberships import Membership
from accounts.models import RolePartenaire, Utilisateur
from accounts.rules import PARIS, deletion_date
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.exports import Cell, Tableau, export_response, write_export
from portal.validators import readable_phone

TITRE = "Tableau d’habilitations"
COLONNES = (
    "Structure", "Nom", "Prénom", "Identifiant", "Profil", "Fonction", "Adresse électronique", "Téléphone", "État",
    "Créé le", "Dernière connexion", "Inactif depuis le", "Suppression le",
)  # fmt: skip
LARGEURS = (32, 20, 16, 24, 14, 26, 34, 16, 18, 12, 18, 18, 14)
PAR_LECTURE = 2000


def habilitations(membership: Membership) -> Iterator[Sequence[Cell]]:
    """The rows: the accounts of structures this membership may know of, by structure then name; none is deleted yet."""
    role = RolePartenaire.objects.filter(user=OuterRef("pk"))
    fuseau = role.values("content_object__caisse_referente__fuseau")
    rows = (
        Utilisateur.objects.visible_to(membership)
        .filter(profil__in=(Profil.GESTIONNAIRE, Profil.TECHNICIEN), supprime_le__isnull=True)
        .annotate(
            structure=Subquery(role.values("content_object__raison_sociale")[:1]), fuseau=Subquery(fuseau[:1])
        )
        .order_by("structure", "nom", "prenom", "pk")
    )
    for user in rows.iterator(PAR_LECTURE):
        yield (
            user.structure,
            user.nom,
            user.prenom,
            user.identifiant,
            str(Profil(user.profil).label),
            user.fonction,
            user.courriel,
            readable_phone(user.telephone) if user.telephone else "",
            str(user.etat.label),
            clock.local_date(user.cree_le),
            user.last_login,
            clock.local_date(user.inactive_le, user.fuseau or PARIS) if user.inactive_le else None,
            deletion_date(user, user.fuseau or PARIS),
        )


def tableau_response(membership: Membership, format: str) -> HttpResponse:
    """The table as a file in this format, journaled with its number of rows."""
    tableau = Tableau(TITRE, COLONNES, habilitations(membership), largeurs=LARGEURS)
    exporte = write_export(tableau, format)
    record(
        Verbe.EXPORT,
        actor=membership,
        objet="tableau_habilitations",
        details={"format": format, "lignes": exporte.lignes},
    )
    response: HttpResponse = export_response(exporte, f"tableau-habilitations-{clock.today()}", format)  # type: ignore[assignment]
    return response
