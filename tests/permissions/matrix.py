"""The permission matrix: what each of the fourteen gets on each route and method.

One line is a method and a route, one column an actor, in the order of `world.ACTORS`. The objects in the addresses
are all of structure A and caisse X; `routes.py` gives the addresses and the forms.

    200, 302   done: a page, or a form accepted and the page after it
    422        may, but this form is refused
    cnx        led to the sign-in page and back (401: the same, told to a script)
    403        signed in, without the role
    404        another structure's or another caisse's, and just as well unknown
    410        a link that is no longer valid, whoever opens it

A method that has no line is refused with 405 to whoever may use the route, and as above to the others.
The Django admin has its own table, by model, in `matrix_admin.py`.
"""

TABLE = """
#                                        A   A   B   A   B   X   Y   X   X   X   Y   –   A   C
#                                       ano tec tec ges ges age age con sup adm adm nat ina fin
GET  accessibilite                      200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  plan-du-site                       200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  mentions-legales                   200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  donnees-personnelles               200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST affichage                          302 302 302 302 302 302 302 302 302 302 302 302 302 302
GET  etat                               200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  etat-live                          200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  etat-ready                         200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  demo-courriels                     404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  demo-courriel                      404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  accounts:gestion_accueil           cnx 403 403 200 200 403 403 403 403 403 403 403 cnx 403
GET  accounts:techniciens               cnx 403 403 200 200 403 403 403 403 403 403 403 cnx 403
GET  accounts:technicien_creer          cnx 403 403 200 200 403 403 403 403 403 403 403 cnx 403
POST accounts:technicien_creer          cnx 403 403 302 302 403 403 403 403 403 403 403 cnx 403
GET  accounts:technicien                cnx 403 403 200 404 403 403 403 403 403 403 403 cnx 403
GET  accounts:technicien_modifier       cnx 403 403 200 404 403 403 403 403 403 403 403 cnx 403
POST accounts:technicien_modifier       cnx 403 403 302 404 403 403 403 403 403 403 403 cnx 403
POST accounts:technicien_renvoyer       cnx 403 403 302 404 403 403 403 403 403 403 403 cnx 403
GET  accounts:technicien_inactiver      cnx 403 403 200 404 403 403 403 403 403 403 403 cnx 403
POST accounts:technicien_inactiver      cnx 403 403 302 404 403 403 403 403 403 403 403 cnx 403
GET  accounts:techniciens_inactiver     cnx 403 403 302 302 403 403 403 403 403 403 403 cnx 403
POST accounts:techniciens_inactiver     cnx 403 403 302 302 403 403 403 403 403 403 403 cnx 403
GET  accounts:technicien_signaler       cnx 403 403 200 404 403 403 403 403 403 403 403 cnx 403
POST accounts:technicien_signaler       cnx 403 403 302 404 403 403 403 403 403 403 403 cnx 403
GET  accounts:avis                      cnx 403 403 200 200 403 403 403 403 403 403 403 cnx 403
GET  accounts:avis_document             cnx 403 403 200 404 403 403 403 403 403 403 403 cnx 403
POST accounts:technicien_reactiver      cnx 403 403 302 404 403 403 403 403 403 403 403 cnx 403
GET  accounts:technicien_second_facteur cnx 403 403 200 404 403 403 403 403 403 403 403 cnx 403
POST accounts:technicien_second_facteur cnx 403 403 200 404 403 403 403 403 403 403 403 cnx 403
GET  accounts:techniciens_importer      cnx 403 403 200 200 403 403 403 403 403 403 403 cnx 403
POST accounts:techniciens_importer      cnx 403 403 422 422 403 403 403 403 403 403 403 cnx 403
GET  accounts:techniciens_modele        cnx 403 403 200 200 403 403 403 403 403 403 403 cnx 403
GET  accounts:techniciens_import        cnx 403 403 200 404 403 403 403 403 403 403 403 cnx 403
POST accounts:techniciens_import        cnx 403 403 302 404 403 403 403 403 403 403 403 cnx 403
GET  accounts:tableau_xlsx              cnx 403 403 200 200 403 403 403 403 403 403 403 cnx 403
GET  accounts:tableau_csv               cnx 403 403 200 200 403 403 403 403 403 403 403 cnx 403
GET  accounts:activite                  cnx 403 403 200 200 403 403 403 403 403 403 403 cnx 403
GET  accounts:revues                    cnx 403 403 200 200 403 403 403 403 403 403 403 cnx 403
GET  accounts:revue                     cnx 403 403 200 404 403 403 403 403 403 403 403 cnx 403
POST accounts:revue                     cnx 403 403 302 404 403 403 403 403 403 403 403 cnx 403
GET  accounts:revue_confirmer           cnx 403 403 200 404 403 403 403 403 403 403 403 cnx 403
POST accounts:revue_confirmer           cnx 403 403 422 404 403 403 403 403 403 403 403 cnx 403
GET  accounts:revue_preuve              cnx 403 403 200 404 403 403 403 403 403 403 403 cnx 403
GET  accounts:gestionnaires             cnx 403 403 200 200 403 403 403 403 403 403 403 cnx 403
GET  accounts:gestionnaire_habiliter    cnx 403 403 200 200 403 403 403 403 403 403 403 cnx 403
POST accounts:gestionnaire_habiliter    cnx 403 403 302 302 403 403 403 403 403 403 403 cnx 403
GET  accounts:gestionnaire_modifier     cnx 403 403 200 404 403 403 403 403 403 403 403 cnx 403
POST accounts:gestionnaire_modifier     cnx 403 403 302 404 403 403 403 403 403 403 403 cnx 403
GET  accounts:gestionnaire_depart       cnx 403 403 200 404 403 403 403 403 403 403 403 cnx 403
POST accounts:gestionnaire_depart       cnx 403 403 302 404 403 403 403 403 403 403 403 cnx 403
GET  accounts:gestionnaire_demande      cnx 403 403 200 404 403 403 403 403 403 403 403 cnx 403
POST accounts:gestionnaire_demande      cnx 403 403 302 404 403 403 403 403 403 403 403 cnx 403
GET  accounts:gestionnaire_retirer      cnx 403 403 200 404 403 403 403 403 403 403 403 cnx 403
POST accounts:gestionnaire_retirer      cnx 403 403 302 404 403 403 403 403 403 403 403 cnx 403
GET  accounts:gestionnaire_signaler     cnx 403 403 200 404 403 403 403 403 403 403 403 cnx 403
POST accounts:gestionnaire_signaler     cnx 403 403 302 404 403 403 403 403 403 403 403 cnx 403
GET  accounts:adresse                   410 410 410 410 410 410 410 410 410 410 410 410 410 410
POST accounts:adresse                   410 410 410 410 410 410 410 410 410 410 410 410 410 410
GET  accounts:habilitation_demander     200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST accounts:habilitation_demander     200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  accounts:habilitation              410 410 410 410 410 410 410 410 410 410 410 410 410 410
POST accounts:habilitation              410 410 410 410 410 410 410 410 410 410 410 410 410 410
GET  conventions:liste                  cnx 403 403 200 200 403 403 403 403 403 403 403 cnx 403
GET  conventions:fiche                  cnx 403 403 200 404 403 403 403 403 403 403 403 cnx 403
GET  conventions:proposer               cnx 403 403 200 404 403 403 403 403 403 403 403 cnx 403
POST conventions:proposer               cnx 403 403 302 404 403 403 403 403 403 403 403 cnx 403
POST conventions:retirer                cnx 403 403 302 404 403 403 403 403 403 403 403 cnx 403
GET  documents:fichier_convention       cnx 403 403 200 404 403 403 403 403 200 404 200 cnx 403
GET  documents:papier_convention        cnx 403 403 200 404 403 403 403 403 200 404 200 cnx 403
GET  accounts:connexion                 200 302 302 302 302 302 302 302 302 302 302 302 200 302
POST accounts:connexion                 422 302 302 302 302 302 302 302 302 302 302 302 422 302
GET  accounts:code                      cnx 200 200 200 200 200 200 200 200 200 200 200 cnx 200
POST accounts:code                      cnx 422 422 422 422 422 422 422 422 422 422 422 cnx 422
POST accounts:code_cle                  cnx 422 422 422 422 422 422 422 422 422 422 422 cnx 422
GET  accounts:cle_ajouter               cnx 200 200 200 200 200 200 200 200 200 200 200 cnx 200
POST accounts:cle_ajouter               cnx 422 422 422 422 422 422 422 422 422 422 422 cnx 422
GET  accounts:cle                       cnx 200 404 404 404 404 404 404 404 404 404 404 cnx 404
POST accounts:cle                       cnx 302 404 404 404 404 404 404 404 404 404 404 cnx 404
GET  accounts:second_facteur            cnx 200 200 200 200 200 200 200 200 200 200 200 cnx 200
POST accounts:second_facteur            cnx 422 422 422 422 422 422 422 422 422 422 422 cnx 422
GET  accounts:proconnect                404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  accounts:proconnect_retour         404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  accounts:proconnect_relier         404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST accounts:proconnect_relier         404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST accounts:proconnect_delier         404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST accounts:deconnexion               cnx cnx cnx cnx cnx cnx cnx cnx cnx cnx cnx cnx cnx cnx
POST accounts:prolonger                 401 200 200 200 200 200 200 200 200 200 200 200 401 200
GET  accounts:activation                410 410 410 410 410 410 410 410 410 410 410 410 410 410
POST accounts:activation                410 410 410 410 410 410 410 410 410 410 410 410 410 410
GET  accounts:oubli                     200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST accounts:oubli                     422 422 422 422 422 422 422 422 422 422 422 422 422 422
GET  accounts:reinitialisation          410 410 410 410 410 410 410 410 410 410 410 410 410 410
POST accounts:reinitialisation          410 410 410 410 410 410 410 410 410 410 410 410 410 410
GET  accounts:conditions                cnx 200 200 200 200 200 200 200 200 200 200 200 cnx 200
POST accounts:conditions                cnx 302 302 302 302 302 302 302 302 302 302 302 cnx 302
GET  accounts:conditions_version        cnx 200 200 200 200 200 200 200 200 200 200 200 cnx 200
GET  accounts:conditions_pdf            cnx 200 200 200 200 200 200 200 200 200 200 200 cnx 200
GET  accounts:profil                    cnx 200 200 200 200 200 200 200 200 200 200 200 cnx 200
POST accounts:profil                    cnx 302 302 302 302 302 302 302 302 302 302 302 cnx 302
GET  accounts:mot_de_passe              cnx 200 200 200 200 200 200 200 200 200 200 200 cnx 200
POST accounts:mot_de_passe              cnx 422 422 422 422 422 422 422 422 422 422 422 cnx 422
POST accounts:codes_secours             cnx 200 200 200 200 200 200 200 200 200 200 200 cnx 200
POST accounts:fermer_sessions           cnx 302 302 302 302 302 302 302 302 302 302 302 cnx 302
POST accounts:fermer_session            cnx 302 302 302 302 302 302 302 302 302 302 302 cnx 302
GET  documents:piece                    cnx 200 404 403 403 200 404 200 200 403 403 403 cnx 404
GET  documents:apercu                   cnx 200 404 403 403 200 404 200 200 403 403 403 cnx 404
GET  documents:page                     cnx 200 404 403 403 200 404 200 200 403 403 403 cnx 404
GET  documents:etat                     cnx 200 404 403 403 200 404 200 200 403 403 403 cnx 404
GET  document:preparer                  cnx 403 403 403 403 200 404 403 200 403 403 403 cnx 403
POST document:ajouter                   cnx 403 403 403 403 422 404 403 422 403 403 403 cnx 403
POST document:produire                  cnx 403 403 403 403 302 404 403 302 403 403 403 cnx 403
POST document:retirer                   cnx 403 403 403 403 302 404 403 302 403 403 403 cnx 403
GET  accueil                            cnx 200 200 302 302 200 200 200 200 302 302 302 cnx 200
GET  signalements:demandes              cnx 200 200 403 403 403 403 403 403 403 403 403 cnx 403
POST signalements:demandes              cnx 302 302 403 403 403 403 403 403 403 403 403 cnx 403
GET  signalements:demandes_csv          cnx 200 200 403 403 403 403 403 403 403 403 403 cnx 403
GET  signalements:demandes_xlsx         cnx 200 200 403 403 403 403 403 403 403 403 403 cnx 403
GET  signalements:suivi                 cnx 302 302 403 403 403 403 403 403 403 403 403 cnx 200
GET  signalements:nouvelle              cnx 200 404 403 403 403 403 403 403 403 403 403 cnx 404
POST signalements:nouvelle              cnx 302 404 403 403 403 403 403 403 403 403 403 cnx 404
GET  signalements:demande               cnx 200 404 403 403 403 403 403 403 403 403 403 cnx 404
GET  signalements:reprendre             cnx 302 404 403 403 403 403 403 403 403 403 403 cnx 404
GET  signalements:etape/pieces          cnx 200 404 403 403 403 403 403 403 403 403 403 cnx 404
POST signalements:etape/pieces          cnx 302 404 403 403 403 403 403 403 403 403 403 cnx 404
GET  signalements:etape/verification    cnx 200 404 403 403 403 403 403 403 403 403 403 cnx 404
POST signalements:etape/verification    cnx 422 404 403 403 403 403 403 403 403 403 403 cnx 404
GET  signalements:etape                 cnx 200 404 403 403 403 403 403 403 403 403 403 cnx 404
POST signalements:etape                 cnx 302 404 403 403 403 403 403 403 403 403 403 cnx 404
POST signalements:etape_enregistrer     cnx 200 404 403 403 403 403 403 403 403 403 403 cnx 404
POST signalements:doublons              cnx 200 404 403 403 403 403 403 403 403 403 403 cnx 404
GET  signalements:brouillon_supprimer   cnx 200 404 403 403 403 403 403 403 403 403 403 cnx 404
POST signalements:brouillon_supprimer   cnx 302 404 403 403 403 403 403 403 403 403 403 cnx 404
POST signalements:annuler_envoi         cnx 302 404 403 403 403 403 403 403 403 403 403 cnx 404
GET  signalements:confirmation          cnx 200 404 403 403 403 403 403 403 403 403 403 cnx 404
GET  signalements:bordereau             cnx 200 404 403 403 403 403 403 403 403 403 403 cnx 404
GET  signalements:fiche                 cnx 200 404 403 403 403 403 403 403 403 403 403 cnx 404
GET  signalements:meme_personne         cnx 200 404 403 403 403 403 403 403 403 403 403 cnx 404
POST signalements:meme_personne         cnx 302 404 403 403 403 403 403 403 403 403 403 cnx 404
POST signalements:completer             cnx 302 404 403 403 403 403 403 403 403 403 403 cnx 404
POST signalements:ecrire                cnx 302 404 403 403 403 403 403 403 403 403 403 cnx 404
GET  signalements:ajouter               cnx 200 404 403 403 403 403 403 403 403 403 403 cnx 404
POST signalements:ajouter               cnx 302 404 403 403 403 403 403 403 403 403 403 cnx 404
GET  signalements:relancer              cnx 200 404 403 403 403 403 403 403 403 403 403 cnx 404
POST signalements:relancer              cnx 302 404 403 403 403 403 403 403 403 403 403 cnx 404
GET  signalements:annuler               cnx 200 404 403 403 403 403 403 403 403 403 403 cnx 404
POST signalements:annuler               cnx 302 404 403 403 403 403 403 403 403 403 403 cnx 404
POST signalements:prendre_la_suite      cnx 302 404 403 403 403 403 403 403 403 403 403 cnx 404
POST signalements:suivre                cnx 302 404 403 403 403 403 403 403 403 403 403 cnx 404
GET  signalements:suiveurs              cnx 200 404 403 403 403 403 403 403 403 403 403 cnx 404
POST signalements:suiveurs              cnx 422 404 403 403 403 403 403 403 403 403 403 cnx 404
POST signalements:piece_ajouter         cnx 422 404 403 403 403 403 403 403 403 403 403 cnx 404
POST signalements:piece_retirer         cnx 302 404 403 403 403 403 403 403 403 403 403 cnx 404
GET  signalements:telephone_code        cnx 200 404 403 403 403 403 403 403 403 403 403 cnx 404
POST signalements:telephone_code        cnx 200 404 403 403 403 403 403 403 403 403 403 cnx 404
GET  signalements:telephone_recus       cnx 200 404 403 403 403 403 403 403 403 403 403 cnx 404
POST signalements:telephone_terminer    cnx 302 404 403 403 403 403 403 403 403 403 403 cnx 404
GET  signalements:telephone             200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST signalements:telephone             200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST signalements:telephone_fichier     410 410 410 410 410 410 410 410 410 410 410 410 410 410
GET  signalements:journee               cnx 403 403 403 403 200 200 200 200 403 403 403 cnx 403
GET  signalements:assistance            cnx 403 403 403 403 403 403 403 403 403 403 302 cnx 403
GET  signalements:assistance_demande    cnx 403 403 403 403 403 403 403 403 403 403 302 cnx 403
GET  signalements:file                  cnx 403 403 403 403 200 200 200 200 403 403 403 cnx 403
POST signalements:recherche             cnx 403 403 403 403 302 302 302 302 403 403 403 cnx 403
GET  signalements:suivante              cnx 403 403 403 403 302 302 302 302 403 403 403 cnx 403
POST signalements:lots                  cnx 403 403 403 403 422 422 422 422 403 403 403 cnx 403
GET  signalements:lot                   cnx 403 403 403 403 200 404 403 200 403 403 403 cnx 403
GET  signalements:vues                  cnx 403 403 403 403 200 200 200 200 403 403 403 cnx 403
GET  signalements:vue_nouvelle          cnx 403 403 403 403 200 200 200 200 403 403 403 cnx 403
POST signalements:vue_nouvelle          cnx 403 403 403 403 302 302 302 302 403 403 403 cnx 403
GET  signalements:vue                   cnx 403 403 403 403 302 404 302 302 403 403 403 cnx 403
GET  signalements:vue_renommer          cnx 403 403 403 403 403 404 403 200 403 403 403 cnx 403
POST signalements:vue_renommer          cnx 403 403 403 403 403 404 403 302 403 403 403 cnx 403
GET  signalements:vue_supprimer         cnx 403 403 403 403 403 404 403 200 403 403 403 cnx 403
POST signalements:vue_supprimer         cnx 403 403 403 403 403 404 403 302 403 403 403 cnx 403
GET  signalements:etiquettes            cnx 403 403 403 403 403 403 403 200 403 403 403 cnx 403
POST signalements:etiquettes            cnx 403 403 403 403 403 403 403 302 403 403 403 cnx 403
GET  signalements:etiquette             cnx 403 403 403 403 403 403 403 200 403 403 403 cnx 403
POST signalements:etiquette             cnx 403 403 403 403 403 403 403 302 403 403 403 cnx 403
GET  signalements:etiquette_retirer     cnx 403 403 403 403 403 403 403 200 403 403 403 cnx 403
POST signalements:etiquette_retirer     cnx 403 403 403 403 403 403 403 302 403 403 403 cnx 403
GET  signalements:raccourcis            cnx 403 403 403 403 200 200 200 200 403 403 403 cnx 403
GET  signalements:precedente            cnx 403 403 403 403 302 404 302 302 403 403 403 cnx 403
POST signalements:etiquette_poser       cnx 403 403 403 403 302 404 302 302 403 403 403 cnx 403
POST signalements:etiquette_oter        cnx 403 403 403 403 302 404 302 302 403 403 403 cnx 403
GET  signalements:traitement            cnx 403 403 403 403 200 404 200 200 403 403 403 cnx 403
GET  signalements:suivante_apres        cnx 403 403 403 403 302 404 302 302 403 403 403 cnx 403
POST signalements:prendre_en_charge     cnx 403 403 403 403 302 404 302 302 403 403 403 cnx 403
POST signalements:rendre                cnx 403 403 403 403 302 404 422 302 403 403 403 cnx 403
POST signalements:note                  cnx 403 403 403 403 302 404 302 302 403 403 403 cnx 403
POST signalements:contact               cnx 403 403 403 403 302 404 302 302 403 403 403 cnx 403
POST signalements:message_caisse        cnx 403 403 403 403 302 404 302 302 403 403 403 cnx 403
POST signalements:presence              cnx 403 403 403 403 200 404 200 200 403 403 403 cnx 403
GET  signalements:pieces_zip            cnx 403 403 403 403 200 404 200 200 403 403 403 cnx 403
GET  signalements:complement            cnx 403 403 403 403 200 404 200 200 403 403 403 cnx 403
POST signalements:complement            cnx 403 403 403 403 302 404 302 302 403 403 403 cnx 403
POST signalements:retirer_complement    cnx 403 403 403 403 302 404 302 302 403 403 403 cnx 403
GET  signalements:decision              cnx 403 403 403 403 200 404 200 200 403 403 403 cnx 403
POST signalements:decision              cnx 403 403 403 403 302 404 302 302 403 403 403 cnx 403
POST signalements:annuler_decision      cnx 403 403 403 403 302 404 302 302 403 403 403 cnx 403
POST signalements:oublier_decision      cnx 403 403 403 403 302 404 302 302 403 403 403 cnx 403
GET  signalements:reorienter            cnx 403 403 403 403 200 404 200 200 403 403 403 cnx 403
POST signalements:reorienter            cnx 403 403 403 403 422 404 422 422 403 403 403 cnx 403
GET  signalements:rouvrir               cnx 403 403 403 403 200 404 200 200 403 403 403 cnx 403
POST signalements:rouvrir               cnx 403 403 403 403 302 404 302 302 403 403 403 cnx 403
GET  signalements:statistiques          cnx 403 403 403 403 403 403 403 200 403 403 403 cnx 403
GET  signalements:statistiques_csv      cnx 403 403 403 403 403 403 403 200 403 403 403 cnx 403
GET  signalements:statistiques_xlsx     cnx 403 403 403 403 403 403 403 200 403 403 403 cnx 403
GET  signalements:modeles               cnx 403 403 403 403 403 403 403 200 403 403 403 cnx 403
GET  signalements:modele_creer          cnx 403 403 403 403 403 403 403 200 403 403 403 cnx 403
POST signalements:modele_creer          cnx 403 403 403 403 403 403 403 422 403 403 403 cnx 403
GET  signalements:modele                cnx 403 403 403 403 403 403 403 200 403 403 403 cnx 403
POST signalements:modele                cnx 403 403 403 403 403 403 403 422 403 403 403 cnx 403
GET  dossier:preparation                cnx 200 404 403 403 403 403 403 403 403 403 403 cnx 404
GET  dossier:navette                    cnx 200 200 403 403 403 403 403 403 403 403 403 cnx 200
POST dossier:renouveler                 cnx 302 404 403 403 403 403 403 403 403 403 403 cnx 404
POST dossier:controler                  cnx 403 403 403 403 302 404 403 302 403 403 403 cnx 403
GET  signalements:pilotage              cnx 403 403 403 403 403 403 403 200 403 403 403 cnx 403
POST signalements:attribuer             cnx 403 403 403 403 403 403 403 302 403 403 403 cnx 403
GET  rendez_vous:liste                  cnx 200 200 403 403 403 403 403 403 403 403 403 cnx 403
GET  rendez_vous:reserver               cnx 200 404 403 403 403 403 403 403 403 403 403 cnx 404
POST rendez_vous:reserver               cnx 302 404 403 403 403 403 403 403 403 403 403 cnx 404
GET  rendez_vous:agenda                 cnx 403 403 403 403 200 200 403 200 403 403 403 cnx 403
GET  rendez_vous:plages                 cnx 403 403 403 403 200 200 403 200 403 403 403 cnx 403
GET  rendez_vous:plage_nouvelle         cnx 403 403 403 403 200 200 403 200 403 403 403 cnx 403
POST rendez_vous:plage_nouvelle         cnx 403 403 403 403 302 302 403 302 403 403 403 cnx 403
GET  rendez_vous:plage                  cnx 403 403 403 403 200 404 403 200 403 403 403 cnx 403
POST rendez_vous:plage                  cnx 403 403 403 403 302 404 403 302 403 403 403 cnx 403
GET  rendez_vous:permanences            cnx 200 200 403 403 403 403 403 403 403 403 403 cnx 403
GET  rendez_vous:permanence             cnx 200 404 403 403 403 403 403 403 403 403 403 cnx 403
POST rendez_vous:permanence             cnx 302 404 403 403 403 403 403 403 403 403 403 cnx 403
GET  rendez_vous:dossiers               cnx 200 404 403 403 403 403 403 403 403 403 403 cnx 403
POST rendez_vous:dossiers               cnx 302 404 403 403 403 403 403 403 403 403 403 cnx 403
GET  rendez_vous:liste_seance           cnx 200 404 403 403 403 403 403 403 403 403 403 cnx 403
GET  rendez_vous:permanences_caisse     cnx 403 403 403 403 200 200 403 200 403 403 403 cnx 403
GET  rendez_vous:permanence_nouvelle    cnx 403 403 403 403 200 200 403 200 403 403 403 cnx 403
POST rendez_vous:permanence_nouvelle    cnx 403 403 403 403 302 422 403 302 403 403 403 cnx 403
GET  rendez_vous:permanence_caisse      cnx 403 403 403 403 200 404 403 200 403 403 403 cnx 403
POST rendez_vous:permanence_caisse      cnx 403 403 403 403 302 404 403 302 403 403 403 cnx 403
GET  rendez_vous:bilan                  cnx 403 403 403 403 200 404 403 200 403 403 403 cnx 403
POST rendez_vous:bilan                  cnx 403 403 403 403 302 404 403 302 403 403 403 cnx 403
POST rendez_vous:fixer_seance           cnx 403 403 403 403 302 404 403 302 403 403 403 cnx 403
GET  rendez_vous:liste_caisse           cnx 403 403 403 403 200 404 403 200 403 403 403 cnx 403
GET  rendez_vous:mon_agenda             cnx 200 200 403 403 200 200 403 200 403 403 403 cnx 403
POST rendez_vous:mon_agenda             cnx 200 200 403 403 200 200 403 200 403 403 403 cnx 403
GET  rendez_vous:flux                   200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST rendez_vous:accepter               cnx 302 404 403 403 403 403 403 403 403 403 403 cnx 404
GET  rendez_vous:refuser                cnx 200 404 403 403 403 403 403 403 403 403 403 cnx 404
POST rendez_vous:refuser                cnx 302 404 403 403 403 403 403 403 403 403 403 cnx 404
GET  rendez_vous:reporter               cnx 200 404 403 403 403 403 403 403 403 403 403 cnx 404
POST rendez_vous:reporter               cnx 302 404 403 403 403 403 403 403 403 403 403 cnx 404
GET  rendez_vous:fichier_partenaire     cnx 200 404 403 403 403 403 403 403 403 403 403 cnx 404
GET  rendez_vous:proposer               cnx 403 403 403 403 200 404 403 200 403 403 403 cnx 403
POST rendez_vous:proposer               cnx 403 403 403 403 302 404 403 302 403 403 403 cnx 403
GET  rendez_vous:fixer                  cnx 403 403 403 403 200 404 403 200 403 403 403 cnx 403
POST rendez_vous:fixer                  cnx 403 403 403 403 302 404 403 302 403 403 403 cnx 403
GET  rendez_vous:reporter_caisse        cnx 403 403 403 403 200 404 403 200 403 403 403 cnx 403
POST rendez_vous:reporter_caisse        cnx 403 403 403 403 302 404 403 302 403 403 403 cnx 403
POST rendez_vous:presence               cnx 403 403 403 403 302 404 403 302 403 403 403 cnx 403
GET  rendez_vous:fichier_caisse         cnx 403 403 403 403 200 404 403 200 403 403 403 cnx 403
"""


def rows() -> dict[tuple[str, str], list[str]]:
    """(method, route) → what each actor gets."""
    found = {}
    for line in TABLE.strip().splitlines():
        if not line.startswith("#"):
            method, route, *expected = line.split()
            found[method, route] = expected
    return found
