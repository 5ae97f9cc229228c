"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts, roles, sign-in, second factor, conditions of use."""

    name = "accounts"
    verbose_name = "Comptes"

    def ready(self) -> None:
        """Register what makes the links of the mails."""
        from accounts import links  # noqa: F401
