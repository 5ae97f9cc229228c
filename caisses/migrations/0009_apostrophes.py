import caisses.models.caisse
import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """Labels with the typographic apostrophe: words only, nothing for the database to do."""

    dependencies = [
        ("caisses", "0008_caisse_delai_habilitation"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="caisse",
                    name="fonctions_offertes",
                    field=django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("CONTACT", "Contacter ma caisse"),
                                ("DOSSIER", "Transmettre un dossier (CSS, AME)"),
                                ("SAISINE", "Signaler une difficulté d’accès aux droits ou aux soins"),
                                ("RENDEZ_VOUS", "Demander un rendez-vous pour un assuré"),
                                ("DOCUMENT", "Demander un document"),
                                ("HISTORIQUE", "Historique des demandes"),
                            ],
                            max_length=16,
                        ),
                        blank=True,
                        default=caisses.models.caisse.all_functions,
                        size=None,
                        verbose_name="fonctions offertes",
                    ),
                ),
                migrations.AlterField(
                    model_name="caisse",
                    name="type",
                    field=models.CharField(
                        choices=[
                            ("CPAM", "Caisse primaire d’assurance maladie"),
                            ("CCSS", "Caisse commune de sécurité sociale"),
                            ("CGSS", "Caisse générale de sécurité sociale"),
                            ("CSSM", "Caisse de sécurité sociale de Mayotte"),
                        ],
                        max_length=4,
                        verbose_name="type",
                    ),
                ),
                migrations.AlterField(
                    model_name="equipe",
                    name="fonctions",
                    field=django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("CONTACT", "Contacter ma caisse"),
                                ("DOSSIER", "Transmettre un dossier (CSS, AME)"),
                                ("SAISINE", "Signaler une difficulté d’accès aux droits ou aux soins"),
                                ("RENDEZ_VOUS", "Demander un rendez-vous pour un assuré"),
                                ("DOCUMENT", "Demander un document"),
                                ("HISTORIQUE", "Historique des demandes"),
                            ],
                            max_length=16,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="fonctions traitées",
                    ),
                ),
                migrations.AlterField(
                    model_name="modelereponse",
                    name="fonctions",
                    field=django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("CONTACT", "Contacter ma caisse"),
                                ("DOSSIER", "Transmettre un dossier (CSS, AME)"),
                                ("SAISINE", "Signaler une difficulté d’accès aux droits ou aux soins"),
                                ("RENDEZ_VOUS", "Demander un rendez-vous pour un assuré"),
                                ("DOCUMENT", "Demander un document"),
                                ("HISTORIQUE", "Historique des demandes"),
                            ],
                            max_length=16,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="services",
                    ),
                ),
                migrations.AlterField(
                    model_name="motif",
                    name="liste",
                    field=models.CharField(
                        choices=[
                            ("DIFFICULTE", "Difficultés signalées"),
                            ("CAUSE", "Causes"),
                            ("SOINS", "Types de soins"),
                            ("DEMARCHE", "Démarches déjà faites"),
                            ("URGENCE", "Motifs d’urgence"),
                            ("COMPLEMENT", "Raisons d’une demande de complément"),
                            ("NON_RECEVABLE", "Motifs de non-recevabilité"),
                            ("REORIENTATION", "Motifs de réorientation"),
                            ("ANNULATION", "Motifs d’annulation"),
                            ("ABSENCE_PIECE", "Raisons d’une pièce absente"),
                            ("REMISE", "Remise d’un document à la personne"),
                            ("NON_CONCERNEE", "Raisons d’une pièce non concernée"),
                            ("RETOUR", "Motifs de retour d’un dossier incomplet"),
                            ("REFUS", "Motifs de refus d’un dossier"),
                            ("EXCEPTION_AME", "Exceptions au dépôt d’une première AME"),
                            ("OBJET_CONTACT", "Objets d’un message à la caisse"),
                        ],
                        max_length=16,
                        verbose_name="liste",
                    ),
                ),
                migrations.AlterField(
                    model_name="typepiece",
                    name="fonctions",
                    field=django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("CONTACT", "Contacter ma caisse"),
                                ("DOSSIER", "Transmettre un dossier (CSS, AME)"),
                                ("SAISINE", "Signaler une difficulté d’accès aux droits ou aux soins"),
                                ("RENDEZ_VOUS", "Demander un rendez-vous pour un assuré"),
                                ("DOCUMENT", "Demander un document"),
                                ("HISTORIQUE", "Historique des demandes"),
                            ],
                            max_length=16,
                        ),
                        size=None,
                        verbose_name="fonctions",
                    ),
                ),
            ]
        )
    ]
