"""Routes of the appointments, on both sides."""

from django.urls import URLPattern, URLResolver, path

from signalements.kinds.rendez_vous.views import agenda, caisse, feed, partner, permanences, seances

app_name = "rendez_vous"
PARTENAIRE = "espace-partenaire/demandes/<reference:reference>/rendez-vous"
CAISSE = "espace-caisse/demandes/<reference:reference>/rendez-vous"
PERMANENCES = "espace-partenaire/rendez-vous/permanences/"
PERMANENCES_CAISSE = "espace-caisse/rendez-vous/permanences/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("espace-partenaire/rendez-vous/", partner.liste, name="liste"),
    path("espace-caisse/rendez-vous/", agenda.agenda, name="agenda"),
    path("espace-caisse/rendez-vous/plages/", agenda.plages, name="plages"),
    path("espace-caisse/rendez-vous/plages/nouvelle/", agenda.plage_nouvelle, name="plage_nouvelle"),
    path("espace-caisse/rendez-vous/plages/<int:pk>/", agenda.plage, name="plage"),
    path(PERMANENCES_CAISSE, permanences.permanences_caisse, name="permanences_caisse"),
    path(f"{PERMANENCES_CAISSE}nouvelle/", permanences.permanence_nouvelle, name="permanence_nouvelle"),
    path(f"{PERMANENCES_CAISSE}<int:pk>/", permanences.permanence_caisse, name="permanence_caisse"),
    path(f"{PERMANENCES_CAISSE}seances/<int:pk>/bilan/", permanences.bilan, name="bilan"),
    path(f"{PERMANENCES_CAISSE}seances/<int:pk>/liste/", permanences.liste_caisse, name="liste_caisse"),
    path(f"{PERMANENCES_CAISSE}seances/<int:pk>/fixer/", seances.fixer, name="fixer_seance"),
    path(PERMANENCES, permanences.permanences, name="permanences"),
    path(f"{PERMANENCES}<int:pk>/", permanences.permanence, name="permanence"),
    path(f"{PERMANENCES}seances/<int:pk>/dossiers/", permanences.dossiers, name="dossiers"),
    path(f"{PERMANENCES}seances/<int:pk>/liste/", permanences.liste_seance, name="liste_seance"),
    path("mon-agenda/", feed.mon_agenda, name="mon_agenda"),
    path("agenda/<slug:jeton>.ics", feed.flux, name="flux"),
    path(f"{PARTENAIRE}/creneau/", partner.reserver, name="reserver"),
    path(f"{PARTENAIRE}/accepter/", partner.accepter, name="accepter"),
    path(f"{PARTENAIRE}/autres-dates/", partner.refuser, name="refuser"),
    path(f"{PARTENAIRE}/reporter/", partner.reporter, name="reporter"),
    path(f"{PARTENAIRE}.ics", partner.fichier, name="fichier_partenaire"),
    path(f"{CAISSE}/proposer/", caisse.proposer, name="proposer"),
    path(f"{CAISSE}/fixer/", caisse.fixer, name="fixer"),
    path(f"{CAISSE}/reporter/", caisse.reporter, name="reporter_caisse"),
    path(f"{CAISSE}/presence/", caisse.presence, name="presence"),
    path(f"{CAISSE}.ics", caisse.fichier, name="fichier_caisse"),
]
