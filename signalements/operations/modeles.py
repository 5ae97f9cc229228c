"""The reply templates of a caisse: written by its superviseurs, counted when a text made from one is sent."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import connection

from accounts.memberships import Membership
from accounts.permissions import Act, can
from caisses.models import ModeleReponse
from caisses.variables import check_template
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.errors import DomainError
from portal.refusals import said_by, when


@dataclass(frozen=True)
class Modele:
    """A template as it is written."""

    nom: str
    moment: str
    texte: str
    fonctions: Sequence[str] = ()
    actif: bool = True


def write_template(*, actor: Membership, modele: Modele, pk: int | None = None) -> ModeleReponse:
    """Add a template to the caisse, or change one of its own. The journal keeps its id and its length.

    Raises:
        PermissionDenied: only a superviseur writes them.
        ModeleReponse.DoesNotExist: none of this caisse: the national ones are not changed here.
        DomainError: a variable is unknown, a number looks like a NIR, or the name is taken.
    """
    if actor.caisse is None or not can(actor, Act.SUPERVISER):
        raise PermissionDenied
    check_template(modele.texte)
    taken = DomainError(
        "Un modèle porte déjà ce nom pour ce moment. Choisissez un autre nom.", field="nom", code="nom_pris"
    )
    with said_by(when("modele_unique", refusal=taken)):
        own = ModeleReponse.objects.filter(caisse=actor.caisse)
        row = own.select_for_update().get(pk=pk) if pk else ModeleReponse(caisse=actor.caisse)
        row.nom, row.moment, row.texte = modele.nom.strip(), modele.moment, modele.texte.strip()
        row.fonctions, row.actif = sorted(modele.fonctions), modele.actif
        row.modifie_le = clock.now()
        row.save()
        record(
            Verbe.MODIFICATION if pk else Verbe.CREATION,
            actor=actor,
            objet="modele",
            objet_id=row.pk,
            details={"longueur": len(row.texte), "actif": row.actif},
        )
    return row


def count_use(*, actor: Membership, modele: str) -> None:
    """A text made from this template was sent; an id that is not one of this caisse's counts nothing."""
    if not (modele.isascii() and modele.isdigit() and len(modele) < 19):
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO caisses_usagemodele AS u (caisse_id, modele_id, nombre) "
            "SELECT %(caisse)s, m.id, 1 FROM caisses_modelereponse m "
            "WHERE m.id = %(modele)s AND (m.caisse_id IS NULL OR m.caisse_id = %(caisse)s) "
            "ON CONFLICT (modele_id, caisse_id) DO UPDATE SET nombre = u.nombre + 1",
            {"caisse": actor.caisse_id, "modele": int(modele)},
        )
