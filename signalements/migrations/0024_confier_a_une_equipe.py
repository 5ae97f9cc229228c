from django.db import migrations, models


class Migration(migrations.Migration):
    """One more act on many demandes; nothing changes in the database."""

    dependencies = [
        ('signalements', '0023_transferts'),
    ]

    operations = [
        migrations.AlterField(
            model_name='lot',
            name='acte',
            field=models.CharField(choices=[('prendre', 'Prendre en charge'), ('rendre', 'Rendre à la file'), ('attribuer', 'Attribuer'), ('confier', 'Confier à une équipe'), ('poser', 'Poser une étiquette'), ('retirer', 'Retirer une étiquette')], max_length=12, verbose_name='acte'),
        ),
    ]
