from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """The check of the documents given, read row by row on a live table: nobody waits."""

    atomic = False

    dependencies = [('documents', '0005_documents_des_conventions')]

    operations = [ValidateConstraint(model_name='piece', name='piece_sortante_expire')]
