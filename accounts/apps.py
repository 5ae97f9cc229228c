"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts, roles, sign-in, second factor, conditions of use."""

    name = "accounts"
    verbose_name = "Comptes"

    def ready(self) -> None:
        """Register what makes the links of the mails, and what the end of a convention does to accounts."""
        from accounts import links  # noqa: F401
        from accounts.operations.fins_de_convention import accounts_touched
        from partners.endings import register

        register(accounts_touched)
