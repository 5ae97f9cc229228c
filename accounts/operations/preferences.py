"""What a person chooses about mails and display."""

from accounts.memberships import Membership
from accounts.models import Utilisateur


def save_preferences(
    membership: Membership, *, frequence_courriels: str, theme: str, raccourcis: bool = False
) -> None:
    """Keep one's mail frequency, theme and shortcuts; nothing else of the account can be changed this way."""
    Utilisateur.objects.filter(pk=membership.user.pk).update(
        frequence_courriels=frequence_courriels, theme=theme, raccourcis=raccourcis
    )
