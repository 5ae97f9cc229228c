"""Routes of the accounts."""

from django.urls import include, path

from accounts.views import (
    adresse,
    cles,
    conditions,
    habilitations,
    passwords,
    proconnect,
    profile,
    second_factor,
    session,
    sign_in,
)

app_name = "accounts"

urlpatterns = [
    path("espace-partenaire/comptes/", include("accounts.gestion_urls")),
    path("connexion/", sign_in.connexion, name="connexion"),
    path("connexion/code/", second_factor.code, name="code"),
    path("connexion/code/cle/", cles.code_cle, name="code_cle"),
    path("connexion/second-facteur/", second_factor.second_facteur, name="second_facteur"),
    path("connexion/proconnect/", proconnect.depart, name="proconnect"),
    path("connexion/proconnect/retour/", proconnect.retour, name="proconnect_retour"),
    path("deconnexion/", sign_in.deconnexion, name="deconnexion"),
    path("session/prolonger/", session.prolonger, name="prolonger"),
    path("activation/<str:uid>/<str:jeton>/", passwords.activation, name="activation"),
    path("mot-de-passe/oublie/", passwords.oubli, name="oubli"),
    path("mot-de-passe/<str:uid>/<str:jeton>/", passwords.reinitialisation, name="reinitialisation"),
    path("adresse/<str:uid>/<str:jeton>/", adresse.adresse, name="adresse"),
    path("habilitation/", habilitations.demander, name="habilitation_demander"),
    path("habilitation/<str:reference>/<str:jeton>/", habilitations.habilitation, name="habilitation"),
    path("conditions/", conditions.conditions, name="conditions"),
    path("conditions/<str:numero>/", conditions.version_acceptee, name="conditions_version"),
    path("conditions/<str:numero>/conditions.pdf", conditions.version_pdf, name="conditions_pdf"),
    path("mon-profil/", profile.profil, name="profil"),
    path("mon-profil/mot-de-passe/", passwords.mot_de_passe, name="mot_de_passe"),
    path("mon-profil/codes-de-secours/", second_factor.codes_secours, name="codes_secours"),
    path("mon-profil/cles-d-acces/ajouter/", cles.cle_ajouter, name="cle_ajouter"),
    path("mon-profil/cles-d-acces/<int:pk>/", cles.cle, name="cle"),
    path("mon-profil/proconnect/", proconnect.relier, name="proconnect_relier"),
    path("mon-profil/proconnect/delier/", proconnect.delier, name="proconnect_delier"),
    path("mon-profil/autres-sessions/", session.fermer_sessions, name="fermer_sessions"),
    path("mon-profil/sessions/<str:repere>/fermer/", session.fermer_session, name="fermer_session"),
]
