"""An appointment in an agence that came from elsewhere names none yet; the date that is fixed names one."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("rendez_vous", "0003_permanences_et_flux")]

    operations = [migrations.RemoveConstraint(model_name="rendezvous", name="rdv_agence")]
