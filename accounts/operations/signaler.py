"""A structure tells its caisse of a fraud, a theft or a loss at once, with proof of the hour (art. 4.1-c)."""

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localtime
from django_otp import devices_for_user

from accounts.courriels import COMPTE_FERME, COMPTE_INACTIVE, SECURITE_SIGNALEE
from accounts.enums import MOTIFS_SECURITE, MotifInactivation, NatureAvis, Profil
from accounts.memberships import Membership
from accounts.models import AvisSecurite, Utilisateur
from accounts.operations import comptes
from accounts.operations.avis import write_notice
from accounts.permissions import Act, can
from accounts.queries import admins_by_caisse
from partners.enums import VIVANTES, NatureConvention
from partners.models import Convention
from portal.courriels.outbox import Envoi, queue, queue_all
from portal.errors import DomainError
from portal.tenancy import scope
from portal.ui.text import moment


def report_misuse(
    *, actor: Membership, technicien: Utilisateur, motif: MotifInactivation, faits: str = ""
) -> AvisSecurite:
    """Suspend a technicien's account and tell every caisse of the structure, at once.

    Effects, in order: account inactive if it was not, sessions closed, second factor dropped, notice with its PDF,
    journal, mails to the administrators of the caisses, to the other gestionnaires and to the address of the account.
    An account reported twice gives the same notice.

    Raises:
        DomainError: not of the structure, or not a reason of security.
    """
    if not can(actor, Act.GERER_TECHNICIENS) or actor.partenaire is None:
        raise DomainError("Seul un gestionnaire de la structure signale un usage frauduleux.", code="role")
    comptes.ensure_within(actor, technicien, Profil.TECHNICIEN)
    if motif not in MOTIFS_SECURITE:
        raise DomainError("Choisissez un motif de la liste.", field="motif", code="motif")
    structure = actor.partenaire
    with transaction.atomic():
        locked = Utilisateur.objects.select_for_update().get(pk=technicien.pk)
        if locked.is_active:
            locked = comptes.close_account(actor=actor, user=locked, motif=motif, organisation=structure)
        elif known := _known(locked):
            return known
        for device in devices_for_user(locked, confirmed=None):
            device.delete()
        avis = write_notice(
            actor=actor,
            nature=NatureAvis.SIGNALEMENT,
            partenaire=structure,
            motif=motif,
            faits=faits,
            compte=locked,
        )
        queue(COMPTE_FERME, cle=f"{avis.pk}", equipe=locked.courriel, partenaire_id=structure.pk)
        others = Utilisateur.objects.of_partenaire(structure).gestionnaires().exclude(pk=actor.user.pk)
        queue(COMPTE_INACTIVE, cle=f"{avis.pk}", destinataires=others, partenaire_id=structure.pk)
        _tell_caisses(avis)
    return avis


def _known(user: Utilisateur) -> AvisSecurite | None:
    """The notice of this inactivation, when it was already reported."""
    return AvisSecurite.objects.filter(
        compte=user, nature=NatureAvis.SIGNALEMENT, le__gte=user.inactive_le
    ).first()


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
