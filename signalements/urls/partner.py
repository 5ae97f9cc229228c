"""Routes of the technicien: the demandes of the structure."""

from django.urls import URLPattern, URLResolver, path

from signalements.views.partner import (
    ajout,
    check,
    detail,
    fiche,
    listing,
    meme_personne,
    pieces,
    relance,
    slip,
    steps,
    suiveurs,
    telephone,
)

DEMANDE = "demandes/<reference:reference>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("demandes/", listing.demandes, name="demandes"),
    path("demandes/export.csv", listing.exporter, {"format": "csv"}, name="demandes_csv"),
    path("demandes/export.xlsx", listing.exporter, {"format": "xlsx"}, name="demandes_xlsx"),
    path("demandes/en-cours/", listing.suivi, name="suivi"),
    path("demandes/nouvelle/<slug:service>/<slug:code>/", steps.nouvelle, name="nouvelle"),
    path(DEMANDE, detail.demande, name="demande"),
    path(f"{DEMANDE}reprendre/", steps.reprendre, name="reprendre"),
    path(f"{DEMANDE}etape/pieces/", pieces.etape_pieces, {"etape": "pieces"}, name="etape"),
    path(f"{DEMANDE}etape/verification/", check.verification, {"etape": "verification"}, name="etape"),
    path(f"{DEMANDE}etape/<slug:etape>/", steps.etape, name="etape"),
    path(f"{DEMANDE}etape/<slug:etape>/enregistrer/", steps.enregistrer, name="etape_enregistrer"),
    path(f"{DEMANDE}doublons/", steps.doublons, name="doublons"),
    path(f"{DEMANDE}supprimer/", check.supprimer, name="brouillon_supprimer"),
    path(f"{DEMANDE}annuler-envoi/", check.annuler_envoi, name="annuler_envoi"),
    path(f"{DEMANDE}confirmation/", check.confirmation, name="confirmation"),
    path(f"{DEMANDE}bordereau.pdf", slip.bordereau, name="bordereau"),
    path(f"{DEMANDE}fiche.pdf", fiche.fiche, name="fiche"),
    path(f"{DEMANDE}meme-personne/", meme_personne.meme_personne, name="meme_personne"),
    path(f"{DEMANDE}completer/", detail.completer, name="completer"),
    path(f"{DEMANDE}telephone/<slug:place>/", telephone.telephone, name="telephone_code"),
    path(f"{DEMANDE}telephone/<int:depot>/recus/", telephone.recus, name="telephone_recus"),
    path(f"{DEMANDE}telephone/<int:depot>/terminer/", telephone.terminer, name="telephone_terminer"),
    path(f"{DEMANDE}ajouter/", ajout.ajouter, name="ajouter"),
    path(f"{DEMANDE}messages/", detail.ecrire, name="ecrire"),
    path(f"{DEMANDE}relancer/", relance.relancer, name="relancer"),
    path(f"{DEMANDE}prendre-la-suite/", suiveurs.prendre_la_suite, name="prendre_la_suite"),
    path(f"{DEMANDE}suivre/", suiveurs.suivre, name="suivre"),
    path(f"{DEMANDE}suiveurs/", suiveurs.suiveurs, name="suiveurs"),
    path(f"{DEMANDE}annuler/", detail.annuler, name="annuler"),
    path(f"{DEMANDE}pieces/ajouter/<slug:place>/", pieces.ajouter, name="piece_ajouter"),
    path(f"{DEMANDE}pieces/<uuid:piece>/retirer/", pieces.retirer, name="piece_retirer"),
]
