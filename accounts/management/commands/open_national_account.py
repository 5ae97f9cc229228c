"""`manage.py open_national_account`: the first account of a new portal."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.enums import Civilite
from accounts.operations.comptes import Identite
from accounts.operations.national import open_national_account
from portal.errors import DomainError
from portal.tenancy import scope


class Command(BaseCommand):
    """Opens the account of a national administrator; the password is chosen by the link it receives."""

    help = "Open the account of a national administrator and send its activation link."

    def add_arguments(self, parser: CommandParser) -> None:
        """The identity of the person."""
        parser.add_argument("identifiant")
        parser.add_argument("--civilite", choices=Civilite.values, required=True)
        parser.add_argument("--nom", required=True)
        parser.add_argument("--prenom", required=True)
        parser.add_argument("--courriel", required=True)
        parser.add_argument("--fonction", default="Administration nationale")
        parser.add_argument("--telephone", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        identifiant = options["identifiant"]
        fields = ("civilite", "nom", "prenom", "fonction", "telephone", "courriel")
        identite = Identite(**{name: options[name] for name in fields})
        try:
            with scope("systeme"), transaction.atomic():
                open_national_account(identifiant=identifiant, identite=identite)
        except DomainError as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{identifiant}: account opened, activation link on its way to {identite.courriel}")
