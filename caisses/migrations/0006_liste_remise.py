from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('caisses', '0005_modeles_de_reponse'),
    ]

    operations = [
        migrations.AlterField(
            model_name='motif',
            name='liste',
            field=models.CharField(choices=[('DIFFICULTE', 'Difficultés signalées'), ('CAUSE', 'Causes'), ('SOINS', 'Types de soins'), ('DEMARCHE', 'Démarches déjà faites'), ('URGENCE', "Motifs d'urgence"), ('COMPLEMENT', "Raisons d'une demande de complément"), ('NON_RECEVABLE', 'Motifs de non-recevabilité'), ('REORIENTATION', 'Motifs de réorientation'), ('ANNULATION', "Motifs d'annulation"), ('ABSENCE_PIECE', "Raisons d'une pièce absente"), ('REMISE', "Remise d'un document à la personne"), ('OBJET_CONTACT', "Objets d'un message à la caisse")], max_length=16, verbose_name='liste'),
        ),
    ]
