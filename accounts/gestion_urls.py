"""Routes of the gestionnaire, under /espace-partenaire/comptes/."""

from django.urls import path

from accounts.views import departs, gestion, gestionnaires, imports, reprise, revues, securite, tableau

urlpatterns = [
    path("", gestion.accueil, name="gestion_accueil"),
    path("techniciens/", gestion.techniciens, name="techniciens"),
    path("techniciens/nouveau/", gestion.creer, name="technicien_creer"),
    path("techniciens/inactiver/", departs.inactiver_plusieurs, name="techniciens_inactiver"),
    path("techniciens/importer/", imports.importer, name="techniciens_importer"),
    path("techniciens/importer/modele.csv", imports.modele, name="techniciens_modele"),
    path("techniciens/importer/<int:pk>/", imports.apercu, name="techniciens_import"),
    path("techniciens/<int:pk>/", gestion.fiche, name="technicien"),
    path("techniciens/<int:pk>/modifier/", gestion.modifier, name="technicien_modifier"),
    path("techniciens/<int:pk>/renvoyer-invitation/", gestion.renvoyer, name="technicien_renvoyer"),
    path("techniciens/<int:pk>/inactiver/", gestion.inactiver, name="technicien_inactiver"),
    path("techniciens/<int:pk>/reactiver/", gestion.reactiver, name="technicien_reactiver"),
    path(
        "techniciens/<int:pk>/second-facteur/",
        reprise.technicien_second_facteur,
        name="technicien_second_facteur",
    ),
    path("gestionnaires/", gestionnaires.gestionnaires, name="gestionnaires"),
    path("gestionnaires/demander/", gestionnaires.habiliter, name="gestionnaire_habiliter"),
    path("gestionnaires/<int:pk>/modification/", gestionnaires.modifier, name="gestionnaire_modifier"),
    path("gestionnaires/<int:pk>/depart/", gestionnaires.depart, name="gestionnaire_depart"),
    path("gestionnaires/demandes/<str:reference>/", gestionnaires.demande, name="gestionnaire_demande"),
    path(
        "gestionnaires/demandes/<str:reference>/retirer/",
        gestionnaires.retirer,
        name="gestionnaire_retirer",
    ),
    path("gestionnaires/<int:pk>/signaler/", securite.signaler_gestionnaire, name="gestionnaire_signaler"),
    path("techniciens/<int:pk>/signaler/", securite.signaler, name="technicien_signaler"),
    path("avis/", securite.avis, name="avis"),
    path("avis/<uuid:pk>/", securite.avis_document, name="avis_document"),
    path("tableau-habilitations.xlsx", tableau.tableau, {"format": "xlsx"}, name="tableau_xlsx"),
    path("tableau-habilitations.csv", tableau.tableau, {"format": "csv"}, name="tableau_csv"),
    path("activite/", tableau.activite, name="activite"),
    path("revues/", revues.revues, name="revues"),
    path("revues/<int:pk>/", revues.revue, name="revue"),
    path("revues/<int:pk>/confirmer/", revues.confirmer, name="revue_confirmer"),
    path("revues/<int:pk>/preuve.pdf", revues.preuve, name="revue_preuve"),
]
