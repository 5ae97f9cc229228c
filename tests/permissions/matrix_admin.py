"""The permission matrix of the Django admin: what the administrators of caisses X and Y and the national one get.

Everybody else gets the same on every route: a stranger and an inactive account are led to sign in, any other role is
a 403. The objects are all of structure A and caisse X; forms are posted empty, and 422 says they were read.
"""

EVERYBODY_ELSE = {"anonyme": "cnx", "inactif": "cnx"}
ADMINISTRATORS = ("admin_x", "admin_y", "national")
# The address of an object without its act leads to its page, which decides.
SHORT_ADDRESS = ["302", "302", "302"]

TABLE = """
#                                       GET           POST
#                                       X   Y   nat   X   Y   nat
index                                   200 200 200   200 200 200

login                                   302 302 302   302 302 302

autocomplete                            403 403 403   405 405 405

jsi18n                                  200 200 200   405 405 405

audit_evenement_changelist              200 200 200   200 200 200
audit_evenement_add                     403 403 403   403 403 403
audit_evenement_history                 200 404 200   200 404 200
audit_evenement_delete                  403 403 403   403 403 403
audit_evenement_change                  200 404 200   403 403 403

caisses_caisse_changelist               200 200 200   200 200 200
caisses_caisse_add                      403 403 200   403 403 422
caisses_caisse_history                  200 404 200   200 404 200
caisses_caisse_delete                   403 403 403   403 403 403
caisses_caisse_change                   200 404 200   422 404 422
caisses_caisse_ouvrir                   403 404 403   403 404 403
caisses_caisse_fermer                   403 404 200   403 404 422

caisses_equipe_changelist               200 200 200   200 200 200
caisses_equipe_add                      200 200 200   422 422 422
caisses_equipe_history                  200 404 200   200 404 200
caisses_equipe_delete                   403 403 403   403 403 403
caisses_equipe_change                   200 404 200   422 404 422

caisses_agence_changelist               200 200 200   200 200 200
caisses_agence_add                      200 200 200   422 422 422
caisses_agence_history                  200 404 200   200 404 200
caisses_agence_delete                   403 403 403   403 403 403
caisses_agence_change                   200 404 200   422 404 422

rendez_vous_motifrendezvous_changelist  200 200 200   200 200 200
rendez_vous_motifrendezvous_add         200 200 200   422 422 422
rendez_vous_motifrendezvous_history     200 404 200   200 404 200
rendez_vous_motifrendezvous_delete      403 403 403   403 403 403
rendez_vous_motifrendezvous_change      200 404 200   422 404 422

dossier_pieceattendue_changelist        200 200 200   200 200 200
dossier_pieceattendue_add               200 200 200   422 422 422
dossier_pieceattendue_history           200 404 200   200 404 200
dossier_pieceattendue_delete            403 403 403   403 403 403
dossier_pieceattendue_change            200 404 200   422 404 422

dossier_regledossier_changelist         200 200 200   200 200 200
dossier_regledossier_add                403 403 200   403 403 422
dossier_regledossier_history            200 200 200   200 200 200
dossier_regledossier_delete             403 403 403   403 403 403
dossier_regledossier_change             200 200 200   403 403 422

caisses_motif_changelist                200 200 200   200 200 200
caisses_motif_add                       200 200 200   422 422 422
caisses_motif_history                   200 404 200   200 404 200
caisses_motif_delete                    403 403 403   403 403 403
caisses_motif_change                    200 404 200   422 404 422

caisses_ressource_changelist            200 200 200   200 200 200
caisses_ressource_add                   200 200 200   422 422 422
caisses_ressource_history               200 404 200   200 404 200
caisses_ressource_delete                403 403 403   403 403 403
caisses_ressource_change                200 404 200   422 404 422

caisses_modelereponse_changelist        200 200 200   200 200 200
caisses_modelereponse_add               200 200 200   422 422 422
caisses_modelereponse_history           200 404 200   200 404 200
caisses_modelereponse_delete            403 403 403   403 403 403
caisses_modelereponse_change            200 404 200   422 404 422

caisses_typepiece_changelist            200 200 200   200 200 200
caisses_typepiece_add                   200 200 200   422 422 422
caisses_typepiece_history               200 404 200   200 404 200
caisses_typepiece_delete                403 403 403   403 403 403
caisses_typepiece_change                200 404 200   422 404 422

caisses_annonce_changelist              403 403 200   403 403 200
caisses_annonce_add                     403 403 200   403 403 422
caisses_annonce_history                 403 403 200   403 403 200
caisses_annonce_delete                  403 403 200   403 403 200
caisses_annonce_change                  403 403 200   403 403 422
caisses_annonce_prevenir                403 403 403   403 403 403

documents_entreecatalogue_changelist    200 200 200   200 200 200
documents_entreecatalogue_add           200 200 200   422 422 422
documents_entreecatalogue_history       200 404 200   200 404 200
documents_entreecatalogue_delete        403 403 403   403 403 403
documents_entreecatalogue_change        200 404 200   422 404 422

partners_partenaire_changelist          200 200 200   200 200 200
partners_partenaire_add                 200 200 200   422 422 422
partners_partenaire_history             200 404 200   200 404 200
partners_partenaire_delete              403 403 403   403 403 403
partners_partenaire_change              200 404 200   422 404 422
partners_partenaire_couper              200 404 403   422 404 403
partners_partenaire_retablir            403 404 403   403 404 403

partners_convention_changelist          200 200 200   200 200 200
partners_convention_add                 200 200 200   422 422 422
partners_convention_history             200 404 200   200 404 200
partners_convention_delete              403 403 403   403 403 403
partners_convention_change              200 404 200   422 404 422
partners_convention_envoyer-en-signature 403 404 403   403 404 403
partners_convention_signer              403 404 403   403 404 403
partners_convention_reprendre           403 404 403   403 404 403
partners_convention_evaluer             200 404 200   422 404 422
partners_convention_suspendre           200 404 200   422 404 422
partners_convention_retablir            403 404 403   403 404 403
partners_convention_mettre-en-demeure   200 404 200   422 404 422
partners_convention_reception           403 404 403   403 404 403
partners_convention_lever               403 404 403   403 404 403
partners_convention_denoncer            200 404 200   422 404 422
partners_convention_retirer-denonciation 403 404 403   403 404 403
partners_convention_resilier            200 404 200   422 404 422
partners_convention_repondre-referent   200 404 200   422 404 422
partners_convention_changer-referent    200 404 200   422 404 422
partners_convention_rediger-avenant     200 404 200   422 404 422
partners_convention_signer-avenant      403 404 403   403 404 403
partners_convention_abandonner-avenant  403 404 403   403 404 403
partners_convention_deposer-document    200 404 200   422 404 422
partners_convention_retirer-document    200 404 200   422 404 422

partners_modeleconvention_changelist    200 200 200   200 200 200
partners_modeleconvention_add           200 200 200   422 422 422
partners_modeleconvention_history       200 404 200   200 404 200
partners_modeleconvention_delete        403 403 403   403 403 403
partners_modeleconvention_change        200 404 200   422 404 422

accounts_versioncgu_changelist          403 403 200   403 403 200
accounts_versioncgu_add                 403 403 200   403 403 422
accounts_versioncgu_history             403 403 200   403 403 200
accounts_versioncgu_delete              403 403 403   403 403 403
accounts_versioncgu_change              403 403 200   403 403 403

accounts_sessionassistance_changelist   200 200 200   200 200 200
accounts_sessionassistance_add          403 403 200   403 403 422
accounts_sessionassistance_history      200 404 200   200 404 200
accounts_sessionassistance_delete       403 403 403   403 403 403
accounts_sessionassistance_change       200 404 200   403 403 403
accounts_sessionassistance_clore        403 404 403   403 404 403
accounts_avissecurite_changelist        200 200 200   200 200 200
accounts_avissecurite_add               403 403 403   403 403 403
accounts_avissecurite_history           200 404 200   200 404 200
accounts_avissecurite_delete            403 403 403   403 403 403
accounts_avissecurite_change            200 404 200   403 403 403
accounts_avissecurite_document          200 404 200   200 404 200

accounts_demandehabilitation_accepter   200 404 403   422 404 403
accounts_demandehabilitation_completer  200 404 403   422 404 403
accounts_demandehabilitation_refuser    200 404 403   422 404 403
accounts_demandehabilitation_changelist 200 200 200   200 200 200
accounts_demandehabilitation_add        403 403 403   403 403 403
accounts_demandehabilitation_history    200 404 200   200 404 200
accounts_demandehabilitation_delete     403 403 403   403 403 403
accounts_demandehabilitation_change     200 404 200   403 403 403

accounts_comptepartenaire_inactiver     200 404 403   422 404 403
accounts_comptepartenaire_couper        200 404 403   422 404 403
accounts_comptepartenaire_reprise       200 404 403   422 404 403
accounts_comptepartenaire_reactiver     403 404 403   403 404 403
accounts_comptepartenaire_inviter       403 404 403   403 404 403
accounts_comptepartenaire_changelist    200 200 200   200 200 200
accounts_comptepartenaire_add           200 200 403   422 422 403
accounts_comptepartenaire_history       200 404 200   200 404 200
accounts_comptepartenaire_delete        403 403 403   403 403 403
accounts_comptepartenaire_change        200 404 200   422 404 403

accounts_comptepartenaire_tableau_csv   200 200 200   405 405 405
accounts_comptepartenaire_tableau_xlsx  200 200 200   405 405 405

accounts_revuehabilitation_preuve       200 404 200   405 405 405
accounts_revuehabilitation_clore        403 404 403   403 404 403
accounts_revuehabilitation_changelist   200 200 200   200 200 200
accounts_revuehabilitation_add          200 200 403   422 422 403
accounts_revuehabilitation_history      200 404 200   200 404 200
accounts_revuehabilitation_delete       403 403 403   403 403 403
accounts_revuehabilitation_change       200 404 200   403 403 403

accounts_comptecaisse_inactiver         200 404 200   422 404 422
accounts_comptecaisse_couper            200 404 403   422 404 403
accounts_comptecaisse_reprise           200 404 200   422 404 422
accounts_comptecaisse_reactiver         403 404 403   403 404 403
accounts_comptecaisse_inviter           403 404 403   403 404 403
accounts_comptecaisse_changelist        200 200 200   200 200 200
accounts_comptecaisse_add               200 200 200   422 422 422
accounts_comptecaisse_history           200 404 200   200 404 200
accounts_comptecaisse_delete            403 403 403   403 403 403
accounts_comptecaisse_change            200 404 200   422 404 422

app_list                                200 200 200   200 200 200

*                                       404 404 404   404 404 404
"""


def rows() -> dict[tuple[str, str], list[str]]:
    """(method, route) → what the three administrators get."""
    found = {}
    for line in TABLE.strip().splitlines():
        if not line.startswith("#") and line:
            route, *expected = line.split()
            found["GET", route], found["POST", route] = expected[:3], expected[3:]
    return found


def place(name: str) -> str:
    """The line of a route: its name without the admin's, « * » for an address that nothing answers to."""
    return name.removeprefix("admin:") if name.startswith("admin:") else "*"
