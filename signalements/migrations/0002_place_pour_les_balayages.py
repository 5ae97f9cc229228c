"""Leave room in the pages of the demandes: a sweep marks rows in place, without touching their twelve indexes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("signalements", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE signalements_demande SET (fillfactor = 55)",
            "ALTER TABLE signalements_demande RESET (fillfactor)",
        )
    ]
