"""An appointment in an agence that came from elsewhere names none yet; the date that is fixed names one."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations


class LiftConstraint(migrations.RemoveConstraint):
    """Goes back without a look at the rows written meanwhile: the rule then holds for new ones only."""

    def database_backwards(self, app_label, schema_editor, from_state, to_state):  # type: ignore[no-untyped-def]
        constraint = to_state.models[app_label, self.model_name_lower].get_constraint_by_name(self.name)
        AddConstraintNotValid(self.model_name, constraint).database_forwards(
            app_label, schema_editor, from_state, to_state
        )


class Migration(migrations.Migration):
    dependencies = [("rendez_vous", "0003_permanences_et_flux")]

    operations = [LiftConstraint(model_name="rendezvous", name="rdv_agence")]
