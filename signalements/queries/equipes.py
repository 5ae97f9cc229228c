"""Which team of a caisse a demande belongs to, and whom an urgent one goes to."""

from accounts.enums import Profil
from accounts.models import Utilisateur
from caisses.enums import Fonction
from caisses.models import Caisse, Equipe
from portal.compiled import CompiledQuery, Holds, Slot
from signalements.models import Demande
from signalements.queries.agents import may_handle

_HANDLING: CompiledQuery[Equipe] = CompiledQuery(
    lambda: Equipe.objects.filter(
        Holds("fonctions", Slot("fonction")), caisse=Slot("caisse"), active=True
    ).order_by("ordre", "pk")[:1]
)


def team_for(caisse: Caisse, fonction: str) -> Equipe | None:
    """The first active team of the caisse that handles this function, if it has any."""
    return _HANDLING.first(caisse=caisse.pk, fonction=fonction)


def team_address(demande: Demande) -> str:
    """Where the team of a demande is written to; without one, the saisines' mailbox or the caisse's support."""
    if demande.equipe is not None and demande.equipe.courriel:
        return demande.equipe.courriel
    caisse = demande.caisse
    if demande.fonction == Fonction.SAISINE and caisse.equipe_mas_courriel:
        return caisse.equipe_mas_courriel
    return caisse.support_courriel


def urgency_referent(demande: Demande) -> Utilisateur | None:
    """The caisse's referent of urgencies, while the account is open and handles this kind of demande."""
    pk = demande.caisse.referent_urgences_id
    referent = Utilisateur.objects.filter(pk=pk, is_active=True).first() if pk else None
    if referent is None or not may_handle(Profil(referent.profil), demande.fonction):
        return None
    return referent
