"""« Confirmer la revue »: what was said of each account takes effect, all at once or not at all."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.timezone import override

from accounts.courriels import REVUE_CONFIRMEE
from accounts.enums import MotifInactivation, Profil, ReponseRevue
from accounts.memberships import Membership
from accounts.models import LigneRevue, PreuveRevue, RevueHabilitation, Utilisateur
from accounts.operations import techniciens
from accounts.operations.adresses import lock_techniciens
from accounts.operations.revues import (
    accounts_of,
    caisse_link,
    journal,
    lock_review,
    partner_link,
    require_gestionnaire,
)
from portal import clock
from portal.courriels.outbox import queue
from portal.errors import DomainError
from portal.pdf import render_pdf
from portal.ui.brand import current_brand


@dataclass(frozen=True)
class LignePreuve:
    """A line of the proof, as things stood when the review was confirmed."""

    compte: Utilisateur
    fonction: str
    reponse: str
    nouvelle_fonction: str

    @property
    def reponse_lisible(self) -> str:
        """The answer in words."""
        return str(ReponseRevue(self.reponse).label)

    @property
    def par_la_caisse(self) -> bool:
        """Whether the caisse has to follow it up: it alone changes a gestionnaire (art. 2.2.2)."""
        return self.compte.profil == Profil.GESTIONNAIRE and self.reponse != ReponseRevue.RESTE


def confirm_review(
    *,
    actor: Membership,
    revue_id: int,
    version: int,
    comptes_lus: set[int],
    successeurs: Mapping[int, Utilisateur | None],
) -> RevueHabilitation:
    """Confirm a review whose every account has an answer; the accounts are those the reader saw, or it is refused.

    Order of effects: review and structure locked, answers checked, fonctions changed, techniciens who left inactivated
    (their demandes pass to the colleague chosen), proof laid out and kept, journal, mails. What is said of another
    gestionnaire is recorded for the caisse, which alone may act on it. Any refusal leaves everything as it was.

    Raises:
        RevueHabilitation.DoesNotExist: none for this structure.
        DomainError: over, stale, an account opened or inactivated meanwhile, an answer missing, nobody to take over.
        PdfUnavailable: the machine cannot make PDFs.
    """
    require_gestionnaire(actor)
    with transaction.atomic():
        lock_techniciens(actor.structure)
        revue = lock_review(actor, revue_id, version=version)
        lignes = _checked(revue, comptes_lus)
        preuve = [
            LignePreuve(ligne.compte, ligne.compte.fonction, ligne.reponse, ligne.fonction)
            for ligne in lignes
        ]
        for ligne in lignes:
            if ligne.compte.profil == Profil.TECHNICIEN:
                _apply(actor, ligne, successeurs.get(ligne.compte_id), lignes)
        revue.confirmee_le, revue.confirmee_par = clock.now(), actor.user
        revue.version += 1
        revue.save(update_fields=["confirmee_le", "confirmee_par", "version"])
        _keep_proof(revue, preuve)
        _tell(actor, revue, preuve)
    return revue


def _checked(revue: RevueHabilitation, read: set[int]) -> list[LigneRevue]:
    """The answers, one for each active account, if the reader saw them all."""
    users = {user.pk: user for user in accounts_of(revue.partenaire_id)}
    if set(users) != read:
        raise DomainError(_what_changed(revue, users, read), code="comptes_changes")
    known = {row.compte_id: row for row in revue.lignes.all()}
    missing = [user.get_full_name() for pk, user in users.items() if pk not in known]
    if missing:
        number = len(missing)
        waiting = "1 compte attend" if number == 1 else f"{number} comptes attendent"
        raise DomainError(f"{waiting} votre réponse\u00a0: {', '.join(missing[:5])}.", code="incomplete")
    for pk, row in known.items():
        if pk in users and row.reponse == ReponseRevue.CHANGE and not row.fonction:
            raise DomainError(
                f"Saisissez la nouvelle fonction de {users[pk].get_full_name()}.", code="fonction_absente"
            )
    found = []
    for pk, user in users.items():
        known[pk].compte = user
        found.append(known[pk])
    return found


def _what_changed(revue: RevueHabilitation, users: Mapping[int, Utilisateur], read: set[int]) -> str:
    added = [user.get_full_name() for pk, user in users.items() if pk not in read]
    gone = Utilisateur.objects.of_partenaire(revue.partenaire_id).filter(pk__in=read - set(users))
    removed = [user.get_full_name() for user in gone.order_by("nom", "prenom", "pk")]
    said = [f"compte créé ou réactivé, {', '.join(added[:5])}"] if added else []
    said += [f"compte désormais inactif, {', '.join(removed[:5])}"] if removed else []
    change = "\u00a0; ".join(said)
    return (
        f"La liste des comptes a changé depuis l’ouverture de cette page\u00a0: {change}. "
        "Rien n’a été fait. Vos réponses sont conservées\u00a0: relisez la liste, puis confirmez."
    )


def _apply(
    actor: Membership, ligne: LigneRevue, successeur: Utilisateur | None, lignes: list[LigneRevue]
) -> None:
    user = ligne.compte
    if ligne.reponse == ReponseRevue.CHANGE:
        techniciens.update_technicien(actor=actor, technicien=user, changes={"fonction": ligne.fonction})
    if ligne.reponse != ReponseRevue.PARTI:
        return
    leaving = {row.compte_id for row in lignes if row.reponse == ReponseRevue.PARTI}
    if successeur is not None and successeur.pk in leaving:
        raise DomainError(
            f"{successeur.get_full_name()} quitte aussi la structure\u00a0: choisissez un autre technicien.",
            field=f"successeur_{user.pk}",
            code="successeur",
        )
    techniciens.inactivate_technicien(
        actor=actor, technicien=user, motif=MotifInactivation.DEPART, successeur=successeur
    )


def _keep_proof(revue: RevueHabilitation, lignes: list[LignePreuve]) -> None:
    context = {
        "brand": current_brand(),
        "revue": revue,
        "structure": revue.partenaire,
        "caisse": revue.caisse,
        "lignes": lignes,
        "pour_la_caisse": [ligne for ligne in lignes if ligne.par_la_caisse],
    }
    with override(revue.caisse.fuseau):
        content = render_pdf("accounts/gestion/revue_pdf.html", context)
    PreuveRevue.objects.create(
        revue=revue,
        caisse_id=revue.caisse_id,
        partenaire_id=revue.partenaire_id,
        contenu=content,
        empreinte=hashlib.sha256(content).hexdigest(),
        le=clock.now(),
    )


def _tell(actor: Membership, revue: RevueHabilitation, lignes: list[LignePreuve]) -> None:
    said = {answer.value: sum(ligne.reponse == answer for ligne in lignes) for answer in ReponseRevue}
    journal(revue, "confirmation", actor, reponses=said)
    tenant: dict[str, Any] = {"caisse_id": revue.caisse_id, "partenaire_id": revue.partenaire_id}
    others = Utilisateur.objects.of_partenaire(revue.partenaire_id).gestionnaires().exclude(pk=actor.user.pk)
    queue(REVUE_CONFIRMEE, cle=str(revue.pk), destinataires=others, lien=partner_link(revue), **tenant)
    queue(
        REVUE_CONFIRMEE,
        cle=str(revue.pk),
        equipe=revue.caisse.support_courriel,
        lien=caisse_link(revue),
        **tenant,
    )
