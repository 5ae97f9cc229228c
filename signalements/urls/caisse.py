"""Routes of the staff of a caisse: the queue, the processing of a demande, supervision."""

from django.urls import URLPattern, URLResolver, path

from signalements.views.caisse import (
    actes,
    archive,
    complement,
    decision,
    etiquettes,
    file,
    journee,
    lots,
    modeles,
    pilotage,
    recherche,
    statistiques,
    suite,
    traitement,
    vues,
)

DEMANDE = "demandes/<reference:reference>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", journee.journee, name="journee"),
    path("file/", file.file, name="file"),
    path("file/recherche/", recherche.recherche, name="recherche"),
    path("file/suivante/", suite.suivante, name="suivante"),
    path("lots/", lots.demander, name="lots"),
    path("lots/<uuid:pk>/", lots.lot, name="lot"),
    path("vues/", vues.vues, name="vues"),
    path("vues/nouvelle/", vues.vue_nouvelle, name="vue_nouvelle"),
    path("vues/<int:pk>/", vues.vue, name="vue"),
    path("vues/<int:pk>/renommer/", vues.vue_renommer, name="vue_renommer"),
    path("vues/<int:pk>/supprimer/", vues.vue_supprimer, name="vue_supprimer"),
    path("etiquettes/", etiquettes.palette, name="etiquettes"),
    path("etiquettes/<int:pk>/", etiquettes.etiquette, name="etiquette"),
    path("etiquettes/<int:pk>/retirer/", etiquettes.etiquette_retirer, name="etiquette_retirer"),
    path("raccourcis/", suite.raccourcis, name="raccourcis"),
    path(DEMANDE, traitement.traitement, name="traitement"),
    path(f"{DEMANDE}suivante/", suite.suivante, name="suivante_apres"),
    path(f"{DEMANDE}precedente/", suite.precedente, name="precedente"),
    path(f"{DEMANDE}etiquettes/", etiquettes.poser, name="etiquette_poser"),
    path(f"{DEMANDE}etiquettes/<int:pk>/retirer/", etiquettes.oter, name="etiquette_oter"),
    path(f"{DEMANDE}prendre-en-charge/", actes.prendre_en_charge, name="prendre_en_charge"),
    path(f"{DEMANDE}rendre/", actes.rendre, name="rendre"),
    path(f"{DEMANDE}note/", actes.note, name="note"),
    path(f"{DEMANDE}contact/", actes.contact, name="contact"),
    path(f"{DEMANDE}message/", actes.message, name="message_caisse"),
    path(f"{DEMANDE}pieces.zip", archive.tout_telecharger, name="pieces_zip"),
    path(f"{DEMANDE}complement/", complement.complement, name="complement"),
    path(f"{DEMANDE}complement/retirer/", complement.retirer_complement, name="retirer_complement"),
    path(f"{DEMANDE}decision/", decision.decision, name="decision"),
    path(f"{DEMANDE}decision/annuler/", decision.annuler_decision, name="annuler_decision"),
    path(f"{DEMANDE}decision/oublier/", decision.oublier_decision, name="oublier_decision"),
    path(f"{DEMANDE}rouvrir/", decision.rouvrir, name="rouvrir"),
    path("statistiques/", statistiques.statistiques, name="statistiques"),
    path(
        "statistiques/<slug:tableau>.csv", statistiques.exporter, {"format": "csv"}, name="statistiques_csv"
    ),
    path(
        "statistiques/<slug:tableau>.xlsx",
        statistiques.exporter,
        {"format": "xlsx"},
        name="statistiques_xlsx",
    ),
    path("modeles/", modeles.modeles, name="modeles"),
    path("modeles/nouveau/", modeles.modele_creer, name="modele_creer"),
    path("modeles/<int:pk>/", modeles.modele, name="modele"),
    path("pilotage/", pilotage.pilotage, name="pilotage"),
    path("pilotage/attribuer/", pilotage.attribuer, name="attribuer"),
]
