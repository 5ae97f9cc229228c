"""A demande of one's own structure, locked: what every act of a structure reads first. Compiled once."""

from accounts.memberships import Membership
from portal.compiled import CompiledQuery, Slot
from signalements.models import Brouillon, Demande

_OWN: CompiledQuery[Demande] = CompiledQuery(
    lambda: (
        Demande.objects.filter(partenaire=Slot("partenaire"), reference=Slot("reference"))
        .select_related("caisse", "partenaire")
        .select_for_update(of=("self",))
    )
)
_BROUILLON: CompiledQuery[Brouillon] = CompiledQuery(
    lambda: Brouillon.objects.filter(demande=Slot("demande")).select_for_update()
)


def lock_own(membership: Membership, reference: str) -> Demande:
    """A demande of the structure, with its caisse and structure, until the end of the transaction.

    Raises:
        Demande.DoesNotExist: the structure has none of this reference.
    """
    found = _OWN.first(partenaire=membership.structure.pk, reference=reference)
    if found is None:
        raise Demande.DoesNotExist
    return found


def lock_brouillon(demande: Demande) -> Brouillon:
    """What was typed of a draft, until the end of the transaction.

    Raises:
        Brouillon.DoesNotExist: it is not a draft any more.
    """
    found = _BROUILLON.first(demande=demande.pk)
    if found is None:
        raise Brouillon.DoesNotExist
    found.demande = demande
    return found
