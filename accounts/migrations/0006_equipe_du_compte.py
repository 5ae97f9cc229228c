import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The team of an account of a caisse."""

    dependencies = [
        ('accounts', '0005_comptes_proxies'),
        ('caisses', '0002_equipes'),
    ]

    operations = [
        migrations.AddField(
            model_name='utilisateur',
            name='equipe',
            field=models.ForeignKey(blank=True, db_index=False, help_text='Pour un compte de caisse.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='caisses.equipe', verbose_name='équipe'),
        ),
    ]
