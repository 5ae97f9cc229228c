import portal.tenancy.policies
from django.db import migrations


class Migration(migrations.Migration):
    """What a caisse sees through another row is looked up row by row. One transaction: no moment without a policy."""

    dependencies = [
        ('caisses', '0001_initial'),
        ('documents', '0001_initial'),
        ('partners', '0001_initial'),
        ('signalements', '0006_onglets_comptes_dans_l_index'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='personne',
            name='personne',
        ),
        migrations.RemoveConstraint(
            model_name='piecejointe',
            name='piece_jointe',
        ),
        migrations.AddConstraint(
            model_name='personne',
            constraint=portal.tenancy.policies.RealmPolicy(name='personne', rules={'caisse': 'caisse_id = {tenant} AND (SELECT true FROM signalements_demande seen WHERE seen.id = {table}.demande_id)', 'partenaire': 'partenaire_id = {tenant}'}),
        ),
        migrations.AddConstraint(
            model_name='piecejointe',
            constraint=portal.tenancy.policies.RealmPolicy(name='piece_jointe', rules={'caisse': 'caisse_id = {tenant} AND (SELECT true FROM documents_piece seen WHERE seen.id = {table}.piece_id)', 'partenaire': 'partenaire_id = {tenant}'}),
        ),
    ]
