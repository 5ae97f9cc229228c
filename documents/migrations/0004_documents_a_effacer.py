from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    """The index and the check of the documents given, on a live table: outside a transaction, nobody waits."""

    atomic = False

    dependencies = [('documents', '0003_documents_sortants')]

    operations = [
        AddIndexConcurrently(
            model_name='piece',
            index=models.Index(condition=models.Q(('efface_le__isnull', True), ('expire_le__isnull', False)), fields=['expire_le'], name='piece_a_effacer'),
        ),
        ValidateConstraint(model_name='piece', name='piece_sortante_expire'),
    ]
