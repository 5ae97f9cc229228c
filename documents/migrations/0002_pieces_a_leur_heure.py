import portal.tenancy.policies
from django.conf import settings
from django.db import migrations


class Migration(migrations.Migration):
    """A pièce handed over at a later moment is the caisse's from that moment. One transaction: always a policy."""

    dependencies = [
        ('caisses', '0001_initial'),
        ('documents', '0001_initial'),
        ('partners', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='piece',
            name='piece',
        ),
        migrations.AddConstraint(
            model_name='piece',
            constraint=portal.tenancy.policies.RealmPolicy(name='piece', rules={'caisse': {'delete': 'caisse_id = {tenant} AND transmise_le IS NOT NULL', 'insert': 'caisse_id = {tenant} AND transmise_le IS NOT NULL', 'select': "caisse_id = {tenant} AND (transmise_le - interval '5 seconds' <= statement_timestamp() OR transmise_le - interval '5 seconds' <= nullif(current_setting('app.now', true), '')::timestamptz)", 'update': 'caisse_id = {tenant} AND transmise_le IS NOT NULL'}, 'partenaire': 'partenaire_id = {tenant}'}),
        ),
    ]
