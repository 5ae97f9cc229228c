"""Security cuts (convention d'utilisation, art. 4.1): no delay, no formality, and they always go through."""

from django.db import connection, transaction

from accounts.courriels import COMPTE_FERME
from accounts.enums import MOTIFS_SECURITE, PROFILS_CAISSE, MotifInactivation, NatureAvis, Profil
from accounts.memberships import Membership
from accounts.models import SessionOuverte, Utilisateur
from accounts.operations import comptes
from accounts.operations.avis import tell_structure, write_notice
from accounts.operations.gestionnaires import lock_structure
from accounts.operations.second_factor import drop_factors
from accounts.permissions import Act, can
from caisses.models import Caisse
from partners.models import Partenaire
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.courriels.outbox import queue
from portal.errors import DomainError


def cut_access(
    *, actor: Membership, compte: Utilisateur, motif: MotifInactivation, faits: str = ""
) -> Utilisateur:
    """Cut the access of one account at once, be it the only gestionnaire's (art. 4.1 prevails over art. 2.2.3).

    Effects, in order: account inactive, sessions closed, second factor and recovery codes dropped, journal, notice
    with its PDF, mail to the account, to the gestionnaires and to the structure's référents. A structure left without
    gestionnaire shows as « à désigner » on the index of the caisse.

    Raises:
        DomainError: not within reach, not a reason of security, already inactive, or one's own account.
    """
    if not can(actor, Act.COUPER_ACCES):
        raise DomainError("Votre rôle ne permet pas cet acte.", code="role")
    comptes.ensure_within(actor, compte, Profil.GESTIONNAIRE, Profil.TECHNICIEN, *PROFILS_CAISSE)
    ensure_security(motif)
    organisation = comptes.organisation_of(compte)
    with transaction.atomic():
        if isinstance(organisation, Partenaire):
            lock_structure(actor, organisation)
        _security_cut("on")
        closed = shut(actor=actor, compte=compte, motif=motif, organisation=organisation)
        _security_cut("")
        comptes.journal(actor, closed, "coupure", organisation, motif=motif.value)
        if isinstance(organisation, Partenaire):
            avis = write_notice(
                actor=actor,
                nature=NatureAvis.COUPURE_COMPTE,
                partenaire=organisation,
                motif=motif,
                faits=faits,
                compte=closed,
            )
            tell_structure(avis)
    return closed


def shut(
    *,
    actor: Membership,
    compte: Utilisateur,
    motif: MotifInactivation,
    organisation: Partenaire | Caisse | None,
) -> Utilisateur:
    """Close an account for security: inactive, sessions closed, second factor gone, its address told.

    Raises:
        DomainError: already inactive, one's own account, or the last active gestionnaire.
    """
    closed = comptes.close_account(actor=actor, user=compte, motif=motif, organisation=organisation)
    drop_factors(closed)
    event = f"{closed.pk}:{closed.invitation}"
    queue(COMPTE_FERME, cle=event, equipe=closed.courriel, **comptes.tenant_of(organisation))
    return closed


def cut_structure(
    *, actor: Membership, partenaire: Partenaire, motif: MotifInactivation, faits: str = ""
) -> Partenaire:
    """Cut the access of a whole structure at once (art. 4.1-f): no convention opens the portal any more.

    Its sessions are closed; the accounts stay as they are, so that restoring gives everything back. The notice and its
    PDF are kept, the gestionnaires and the référents told.

    Raises:
        DomainError: not within reach, not a reason of security, or already cut.
    """
    ensure_security(motif)
    with transaction.atomic():
        locked = _structure(actor, partenaire)
        if locked.suspendu_le is not None:
            raise DomainError("L’accès de cette structure est déjà coupé.", code="deja_coupe")
        locked.suspendu_le = clock.now()
        locked.save(update_fields=["suspendu_le"])
        accounts = Utilisateur.objects.of_partenaire(locked)
        closed, _ = SessionOuverte.objects.filter(utilisateur__in=accounts).delete()
        _journal(actor, locked, "coupure", motif=motif.value, sessions=closed)
        avis = write_notice(
            actor=actor, nature=NatureAvis.COUPURE_STRUCTURE, partenaire=locked, motif=motif, faits=faits
        )
        tell_structure(avis)
    return locked


def restore_structure(*, actor: Membership, partenaire: Partenaire) -> Partenaire:
    """Give a structure its access back.

    Raises:
        DomainError: not within reach, or not cut.
    """
    with transaction.atomic():
        locked = _structure(actor, partenaire)
        if locked.suspendu_le is None:
            raise DomainError("L’accès de cette structure n’est pas coupé.", code="pas_coupe")
        locked.suspendu_le = None
        locked.save(update_fields=["suspendu_le"])
        _journal(actor, locked, "retablissement")
    return locked


def _structure(actor: Membership, partenaire: Partenaire) -> Partenaire:
    if not can(actor, Act.COUPER_ACCES):
        raise DomainError("Votre rôle ne permet pas cet acte.", code="role")
    return lock_structure(actor, partenaire)


def ensure_security(motif: MotifInactivation) -> None:
    """Refuse what is no reason of security (art. 4.1).

    Raises:
        DomainError: on the motif.
    """
    if motif not in MOTIFS_SECURITE:
        raise DomainError("Choisissez un motif de sécurité.", field="motif", code="motif")


def _security_cut(value: str) -> None:
    """Tell the trigger of « never zero » that this is a security cut, for this transaction only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.coupure_securite', %s, true)", [value])


def _journal(actor: Membership, partenaire: Partenaire, acte: str, **details: object) -> None:
    record(
        Verbe.MODIFICATION,
        actor=actor,
        caisse_id=actor.caisse_id or partenaire.caisse_referente_id,
        partenaire_id=partenaire.pk,
        objet="partenaire",
        objet_id=partenaire.pk,
        details={"acte": acte, **details},
    )
