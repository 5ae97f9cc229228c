"""The motifs of appointments in the admin."""

from django.contrib import admin

from caisses.admin import DatedForm, ReferenceAdmin
from portal.admin_fields import LinesField, TickedField
from signalements.kinds.rendez_vous.enums import TypeRendezVous
from signalements.kinds.rendez_vous.models import MotifRendezVous


class MotifRendezVousForm(DatedForm):
    """A motif: how the person may be received, how long it takes, what to bring."""

    types = TickedField(label="Formes possibles", choices=TypeRendezVous.choices)
    pieces = LinesField(label="À apporter", required=False, help_text="Une pièce par ligne.")

    class Meta:
        model = MotifRendezVous
        fields = "__all__"


@admin.register(MotifRendezVous)
class MotifRendezVousAdmin(ReferenceAdmin):
    """Motifs of appointments."""

    rank = 30
    form = MotifRendezVousForm
    list_display = ("libelle", "code", "duree", "portee", "valide_du", "valide_au")
