"""Who has lost a second factor gets back in by somebody who knows them, never by mail alone (art. 4.1).

The gestionnaire does it for the techniciens of the structure; the caisse for the gestionnaires, its own accounts, and
the techniciens of a structure that has no gestionnaire left.
"""

from datetime import timedelta
from typing import Final

from django.db import transaction

from accounts.courriels import SECOND_FACTEUR_RETIRE
from accounts.enums import PROFILS_CAISSE, Profil
from accounts.memberships import Membership
from accounts.models import Utilisateur
from accounts.operations import comptes
from accounts.operations.gestionnaires import left_alone
from accounts.operations.second_factor import drop_factors, new_codes
from accounts.permissions import Act, can
from accounts.sessions import close_sessions
from accounts.trail import record_account
from portal import clock
from portal.audit.models import Verbe
from portal.courriels.outbox import queue
from portal.errors import DomainError
from portal.identifiers import uuid7

REPRISE_HEURES: Final = 72
ACTS: Final = {
    Profil.TECHNICIEN: Act.GERER_TECHNICIENS,
    Profil.GESTIONNAIRE: Act.GERER_GESTIONNAIRES,
    **dict.fromkeys(PROFILS_CAISSE, Act.ADMINISTRER_CAISSE),
}
"""What it takes to help an account of each profile."""


def reset_second_factor(*, actor: Membership, compte: Utilisateur, identite_verifiee: bool) -> str:
    """Take away the second factor of an account whose holder has lost it; give the code that replaces it once.

    The code goes from the actor to the holder by voice or by hand, never by the portal's mail: with it and the
    password the holder signs in, then installs another second factor. Whoever holds the mailbox alone, or the code
    alone, gets nowhere. Effects, in order: applications, passkeys and recovery codes deleted, sessions closed, one
    code good for REPRISE_HEURES made, journal, mail to the holder.

    Raises:
        DomainError: not within reach, one's own account, not activated or inactive, or the identity not verified.
    """
    act = Act.GERER_GESTIONNAIRES if left_alone(compte) else ACTS.get(Profil(compte.profil))
    if act is None or not can(actor, act):
        raise DomainError("Votre rôle ne permet pas cet acte.", code="role")
    comptes.ensure_within(actor, compte, Profil(compte.profil))
    if compte.pk == actor.user.pk:
        raise DomainError(
            "Changez votre propre second facteur dans «\u00a0Mon profil\u00a0».", code="soi_meme"
        )
    if not identite_verifiee:
        raise DomainError(
            "Vérifiez d’abord que c’est bien cette personne qui vous le demande.",
            field="identite_verifiee",
            code="identite",
        )
    with transaction.atomic():
        locked = Utilisateur.objects.select_for_update().get(pk=compte.pk)
        if not locked.is_active or locked.active_le is None:
            raise DomainError(
                "Ce compte n’est pas actif\u00a0: il n’a pas de second facteur.", code="inactif"
            )
        drop_factors(locked)
        close_sessions(locked.pk)
        code = new_codes(locked, 1, until=clock.now() + timedelta(hours=REPRISE_HEURES))[0]
        record_account(Verbe.SECOND_FACTEUR, locked, actor=actor, acte="retrait", identite_verifiee=True)
        queue(SECOND_FACTEUR_RETIRE, cle=f"{locked.pk}:{uuid7()}", destinataires=[locked])
    return code
