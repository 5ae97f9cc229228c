from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_equipe_du_compte'),
    ]

    operations = [
        migrations.AddField(
            model_name='utilisateur',
            name='raccourcis',
            field=models.BooleanField(db_default=False, default=False, verbose_name='raccourcis clavier'),
        ),
    ]
