"""`manage.py load_demo`: the demonstration's structures, accounts and demandes. DEMO=1 only."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import VersionCgu
from partners.models import Partenaire
from portal import clock, reference_data
from portal.sweeps import try_lock
from portal.tenancy import scope
from signalements.demo import conventions, habilitations, organisations
from signalements.demo.acces import create_accounts
from signalements.demo.administration import administer
from signalements.demo.classement import sort_work
from signalements.demo.demandes import stories
from signalements.demo.revues import save_reviews
from signalements.demo.saving import save
from signalements.sweep_statistics import measure_usual_delays, roll_up_month


class Command(BaseCommand):
    """Loads the demonstration once; run again, it changes nothing."""

    help = "Load the demonstration's data (DEMO=1 only)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demonstration's data exist under DEMO=1 only.")
        reference_data.load_all()
        with scope("systeme"), transaction.atomic():
            if not try_lock("load_demo") or self._is_loaded():
                self.stdout.write("The demonstration's data are there already.")
                return
            world = organisations.build(clock.today())
            habilitations.ask(world)
            conventions.build(world, clock.today())
            save_reviews(world, clock.today())
            told = stories(world)
            save(told, world)
            sort_work(told, world)
            create_accounts(world)
            administer(world)
            while roll_up_month():
                pass
            measure_usual_delays()
            self.stdout.write(f"{len(world.comptes)} accounts, {len(told)} demandes loaded.")

    def _is_loaded(self) -> bool:
        sirets = [fields["siret"] for fields in organisations.STRUCTURES.values()]
        return Partenaire.objects.filter(siret__in=sirets).exists() or not VersionCgu.objects.exists()
