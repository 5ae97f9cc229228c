"""A structure tells its caisse of a fraud, a theft or a loss at once, with proof of the hour (art. 4.1-c)."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localtime

from accounts.courriels import COMPTE_INACTIVE, SECURITE_SIGNALEE
from accounts.enums import MotifInactivation, NatureAvis, Profil
from accounts.memberships import Membership
from accounts.models import AvisSecurite, Utilisateur
from accounts.operations import comptes
from accounts.operations.avis import write_notice
from accounts.operations.coupures import ensure_security, shut
from accounts.operations.second_factor import drop_factors
from accounts.permissions import Act, can
from accounts.queries import admins_by_caisse
from partners.enums import VIVANTES, NatureConvention
from partners.models import Convention
from portal import clock
from portal.courriels.outbox import Envoi, queue, queue_all
from portal.errors import DomainError
from portal.tenancy import scope
from portal.ui.text import moment

SAME_REPORT = timedelta(days=1)
"""A gestionnaire reported again so soon is the same report."""


def report_misuse(
    *, actor: Membership, compte: Utilisateur, motif: MotifInactivation, faits: str = ""
) -> AvisSecurite:
    """Tell every caisse of the structure at once; the account of a technicien is suspended in the same act.

    A gestionnaire is the caisse's to close (art. 2.2.3 and 4.1-c): the notice asks for it, and stands on the index of
    its administrators until it is done. Effects, in order: account of a technicien inactive if it was not, sessions
    closed, second factor dropped, notice with its PDF, journal, mails to the administrators of the caisses, to the
    other gestionnaires and to the address of the account. An account reported twice gives the same notice.

    Raises:
        DomainError: not of the structure, or not a reason of security.
    """
    if not can(actor, Act.GERER_TECHNICIENS) or actor.partenaire is None:
        raise DomainError("Seul un gestionnaire de la structure signale un usage frauduleux.", code="role")
    comptes.ensure_within(actor, compte, Profil.TECHNICIEN, Profil.GESTIONNAIRE)
    ensure_security(motif)
    structure = actor.partenaire
    with transaction.atomic():
        locked = Utilisateur.objects.select_for_update().get(pk=compte.pk)
        if known := _known(locked):
            return known
        if locked.profil == Profil.TECHNICIEN and locked.is_active:
            locked = shut(actor=actor, compte=locked, motif=motif, organisation=structure)
        elif locked.profil == Profil.TECHNICIEN:
            drop_factors(locked)
        avis = write_notice(
            actor=actor,
            nature=NatureAvis.SIGNALEMENT,
            partenaire=structure,
            motif=motif,
            faits=faits,
            compte=locked,
        )
        if not locked.is_active:
            others = Utilisateur.objects.of_partenaire(structure).gestionnaires().exclude(pk=actor.user.pk)
            queue(COMPTE_INACTIVE, cle=f"{avis.pk}", destinataires=others, partenaire_id=structure.pk)
        _tell_caisses(avis)
    return avis


def _known(user: Utilisateur) -> AvisSecurite | None:
    """The notice of this inactivation, or that of the day for a gestionnaire whose account is still open."""
    if user.is_active and user.profil == Profil.TECHNICIEN:
        return None
    since = clock.now() - SAME_REPORT if user.is_active else user.inactive_le
    return AvisSecurite.objects.filter(compte=user, nature=NatureAvis.SIGNALEMENT, le__gte=since).first()


def _tell_caisses(avis: AvisSecurite) -> None:
    """The administrators of each caisse the structure works with; a partner knows none of their accounts."""
    with scope("systeme"), transaction.atomic():
        working = Convention.objects.filter(
            partenaire=avis.partenaire_id, nature=NatureConvention.UTILISATION, etat__in=VIVANTES
        )
        caisses = {avis.caisse_id, *working.order_by().values_list("caisse_id", flat=True)}
        link = reverse("admin:accounts_avissecurite_change", args=[avis.pk])
        said = {"echeance": moment(localtime(avis.le))}
        queue_all(
            SECURITE_SIGNALEE,
            (
                Envoi(f"{avis.pk}", admin, link, said, caisse, avis.partenaire_id)
                for caisse, admins in admins_by_caisse(caisses).items()
                for admin in admins
            ),
        )
