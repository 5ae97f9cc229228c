"""Routes of the appointments, on both sides."""

from django.urls import URLPattern, URLResolver, path

from signalements.kinds.rendez_vous.views import caisse, partner

app_name = "rendez_vous"
PARTENAIRE = "espace-partenaire/demandes/<reference:reference>/rendez-vous"
CAISSE = "espace-caisse/demandes/<reference:reference>/rendez-vous"

urlpatterns: list[URLPattern | URLResolver] = [
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
