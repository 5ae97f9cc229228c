from django.db import migrations, models


class Migration(migrations.Migration):
    """Labels with the typographic apostrophe: words only, nothing for the database to do."""

    dependencies = [
        ("audit", "0003_index_des_comptes"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="evenement",
                    name="verbe",
                    field=models.CharField(
                        choices=[
                            ("connexion", "Connexion"),
                            ("connexion_refusee", "Connexion refusée"),
                            ("deconnexion", "Déconnexion"),
                            ("second_facteur", "Second facteur"),
                            ("acces_refuse", "Accès refusé"),
                            ("consultation", "Consultation"),
                            ("recherche", "Recherche"),
                            ("telechargement", "Téléchargement"),
                            ("export", "Export"),
                            ("creation", "Création"),
                            ("modification", "Modification"),
                            ("transition", "Changement de statut"),
                            ("message", "Message"),
                            ("piece", "Pièce"),
                            ("compte", "Compte"),
                            ("cgu", "Conditions d’utilisation"),
                            ("garde_fou", "Garde-fou de saisie"),
                            ("balayage", "Tâche périodique"),
                        ],
                        max_length=24,
                        verbose_name="verbe",
                    ),
                ),
            ]
        )
    ]
