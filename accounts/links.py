"""The links of the mails about an account, made when the mail leaves: no token lies in the database."""

from django.urls import reverse

from accounts.models import DemandeHabilitation, Utilisateur
from accounts.tokens import (
    activation_tokens,
    address_tokens,
    encode_uid,
    habilitation_token,
    reset_tokens,
)
from portal.courriels.models import Courriel
from portal.courriels.types import link_builder


@link_builder("activation")
def activation_link(mail: Courriel) -> str:
    """The link that activates the account a mail goes to."""
    user = Utilisateur.objects.get(pk=mail.destinataire_id)
    arguments = {"uid": encode_uid(user), "jeton": activation_tokens.make_token(user)}
    return reverse("accounts:activation", kwargs=arguments)


@link_builder("reinitialisation")
def reset_link(mail: Courriel) -> str:
    """The link that lets the account a mail goes to choose a new password."""
    user = Utilisateur.objects.get(pk=mail.destinataire_id)
    arguments = {"uid": encode_uid(user), "jeton": reset_tokens.make_token(user)}
    return reverse("accounts:reinitialisation", kwargs=arguments)


@link_builder("adresse")
def address_link(mail: Courriel) -> str:
    """The link that confirms the new address of an account; a dead one when it is no longer this address."""
    user = Utilisateur.objects.get(pk=mail.donnees["compte"])
    good = mail.adresse == user.courriel_attente
    token = address_tokens.make_token(user) if good else "perime"
    return reverse("accounts:adresse", kwargs={"uid": encode_uid(user), "jeton": token})


@link_builder("habilitation")
def habilitation_link(mail: Courriel) -> str:
    """The page of a request about a gestionnaire: the gestionnaire's own, or one a stranger opens with the link."""
    demande = DemandeHabilitation.objects.get(pk=mail.donnees["demande"])
    if mail.destinataire_id is not None:
        return reverse("accounts:gestionnaire_demande", args=[demande.reference])
    good = mail.adresse == demande.courriel and demande.demandeur_id is None
    token = habilitation_token(demande) if good else "perime"
    return reverse("accounts:habilitation", kwargs={"reference": demande.reference, "jeton": token})
