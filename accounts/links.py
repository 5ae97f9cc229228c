"""The links of the mails about an account, made when the mail leaves: no token lies in the database."""

from django.urls import reverse

from accounts.models import Utilisateur
from accounts.tokens import activation_tokens, encode_uid, reset_tokens
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
