"""One object of each kind on each side of every wall, and the fourteen who try the doors."""

import io
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.enums import MotifInactivation, NatureAvis, Profil, ReponseRevue
from accounts.models import (
    AvisSecurite,
    ImportTechniciens,
    LigneRevue,
    PreuveRevue,
    RevueHabilitation,
    Utilisateur,
    VersionCgu,
)
from caisses.enums import Fonction, ListeMotifs
from caisses.models import Annonce, ModeleReponse, Ressource
from documents import vault
from documents.enums import EtatPiece, OrigineFichier
from documents.models import DocumentConvention, Piece
from partners.enums import EtatConvention
from partners.models import ChangementReferent, Convention, ModeleConvention, Referent, TexteConvention
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Evenement, Verbe
from portal.courriels.models import Courriel
from portal.identifiers import uuid7
from signalements.enums import ActeLot, Statut
from signalements.models import (
    Complement,
    DepotTelephone,
    ElementComplement,
    Etiquette,
    Lot,
    PieceJointe,
    VueEnregistree,
)
from signalements.operations.telephone import hashed
from tests import factories as f
from tests.conftest import StrangerClient
from tests.documents.corpus import pdf
from tests.fixtures.signing_in import passkey, sign_in
from tests.rendez_vous.world import appointments

# The token of a page a phone opens.
DEPOT = "jeton-de-la-matrice"
# In the order of the columns of the matrix.
ACTORS = (
    "anonyme",
    "technicien_a",
    "technicien_b",
    "gestionnaire_a",
    "gestionnaire_b",
    "agent_x",
    "agent_y",
    "conseiller_x",
    "superviseur_x",
    "admin_x",
    "admin_y",
    "national",
    "inactif",
    "convention_finie",
)


@dataclass
class World:
    """Caisse X with structure A, caisse Y with structure B, and structure C whose convention with X ended.

    The objects named in the routes are all of A and X.
    """

    users: dict[str, Utilisateur]
    objects: dict[str, Any]
    _clients: dict[str, Client] = field(default_factory=dict)

    def client(self, actor: str) -> Client:
        """A client signed in as `actor`, past every gate; the inactive one keeps the session it had."""
        if actor not in self._clients:
            client = StrangerClient()
            user = self.users.get(actor)
            if user is not None:
                sign_in(client, user)
                # The first page writes in the session when it began: not again at each request a test undoes.
                client.get(reverse("accessibilite"))
            if actor == "inactif" and user is not None:
                Utilisateur.objects.filter(pk=user.pk).update(is_active=False, inactive_le=clock.now())
            self._clients[actor] = client
        return self._clients[actor]


def build() -> World:
    """Make the world, as the system."""
    x, y = f.caisse("251"), f.caisse("422")
    a, b, c = f.partenaire(x), f.partenaire(y), f.partenaire(x)
    conv_a, conv_b = f.convention(a, x, documents_sortants=True), f.convention(b, y)
    ended = clock.today() - timedelta(days=1)
    conv_c = f.convention(c, x, date_fin=ended)
    Convention.objects.filter(pk=conv_c.pk).update(etat=EtatConvention.EXPIREE)
    f.motif(ListeMotifs.DIFFICULTE, "DROITS_BASE")
    f.motif(ListeMotifs.ANNULATION, "ERREUR")
    f.motif(ListeMotifs.ABSENCE_PIECE, "PERDUE")
    raison = f.motif(ListeMotifs.COMPLEMENT, "MANQUANTE")
    kind = f.type_piece()
    users = {
        "technicien_a": f.utilisateur(Profil.TECHNICIEN, a),
        "technicien_b": f.utilisateur(Profil.TECHNICIEN, b),
        "gestionnaire_a": f.utilisateur(Profil.GESTIONNAIRE, a),
        "gestionnaire_b": f.utilisateur(Profil.GESTIONNAIRE, b),
        "agent_x": f.utilisateur(Profil.AGENT, x),
        "agent_y": f.utilisateur(Profil.AGENT, y),
        "conseiller_x": f.utilisateur(Profil.CONSEILLER_MAS, x),
        "superviseur_x": f.utilisateur(Profil.SUPERVISEUR, x),
        "admin_x": f.utilisateur(Profil.ADMIN_CAISSE, x),
        "admin_y": f.utilisateur(Profil.ADMIN_CAISSE, y),
        "national": f.utilisateur(Profil.NATIONAL, None),
        "inactif": f.utilisateur(Profil.TECHNICIEN, a),
        "convention_finie": f.utilisateur(Profil.TECHNICIEN, c),
        # Two accounts of A that only serve as objects: one not yet activated, one that left.
        "invite": f.utilisateur(Profil.TECHNICIEN, a, active_le=None, mot_de_passe_le=None),
        "parti": f.utilisateur(Profil.TECHNICIEN, a, is_active=False, inactive_le=clock.now()),
    }
    tech = users["technicien_a"]
    envoyee = f.demande(conv_a, tech, statut=Statut.ENVOYEE)
    en_cours = f.demande(conv_a, tech, statut=Statut.EN_COURS, assignee_a=users["agent_x"])
    late = clock.today() - timedelta(days=3)
    en_retard = f.demande(conv_a, tech, statut=Statut.EN_COURS, echeance=late)
    traitee = f.demande(conv_a, tech, statut=Statut.TRAITEE)
    a_completer = f.demande(conv_a, tech, statut=Statut.A_COMPLETER)
    tenant = {"demande": a_completer, "caisse": x, "partenaire": a}
    complement = Complement.objects.create(**tenant, demande_le=clock.now(), demande_par=users["agent_x"])
    element = ElementComplement.objects.create(
        **tenant, complement=complement, type_piece=kind, libelle="Identité", raison=raison
    )
    brouillon = f.demande(conv_a, tech, statut=Statut.BROUILLON)
    catalogue = f.catalogue("LOCAL", caisse=x, modele="INFORMATION", texte="Une information.")
    document = f.demande_document(conv_a, tech, catalogue)
    remis = f.document_remis(document, users["agent_x"])
    depot = DepotTelephone.objects.create(
        demande=brouillon,
        caisse=x,
        partenaire=a,
        place=f"type-{kind.code}",
        jeton=hashed(DEPOT),
        cree_par=tech,
        cree_le=clock.now(),
        expire_le=clock.now() + timedelta(hours=1),
    )
    objects = {
        "depot": depot,
        "caisse_x": x,
        "caisse_y": y,
        "structure_a": a,
        "structure_b": b,
        "convention_a": conv_a,
        "convention_b": conv_b,
        "envoyee": envoyee,
        "en_cours": en_cours,
        "en_retard": en_retard,
        "a_reprendre": f.demande(conv_a, users["parti"], statut=Statut.EN_COURS, a_reprendre_le=clock.now()),
        "traitee": traitee,
        "a_completer": a_completer,
        "element": element,
        "brouillon": brouillon,
        "piece_brouillon": piece(brouillon, kind),
        "cle": passkey(tech),
        "avis": AvisSecurite.objects.create(
            nature=NatureAvis.SIGNALEMENT,
            caisse=x,
            partenaire=a,
            le=clock.now(),
            motif=MotifInactivation.VOL,
            role=Profil.GESTIONNAIRE,
            compte=users["parti"],
            identifiant=users["parti"].identifiant,
            profil=Profil.TECHNICIEN,
            pdf=pdf(),
        ),
        "cgu": VersionCgu.objects.create(numero="1.0", publiee_le=clock.now(), resume="Un.", texte="Texte."),
        "piece_attendue_x": f.piece_attendue(kind, caisse=x),
        "regle_dossier": f.regle_dossier(),
        "dossier": f.dossier(conv_a, tech, statut=Statut.ENVOYEE),
        "dossier_brouillon": f.dossier(conv_a, tech, statut=Statut.BROUILLON),
        "autre": f.demande(conv_b, users["technicien_b"], statut=Statut.EN_COURS),
        "piece": piece(envoyee, kind),
        "habilitation": f.habilitation(conv_a, users["gestionnaire_a"]),
        "annonce": Annonce.objects.create(
            titre="Maintenance", debut=clock.now(), fin=clock.now() + timedelta(1)
        ),
        "assistance": f.session_assistance(x, users["national"], close_le=clock.now()),
        "equipe_x": f.equipe(x, Fonction.SAISINE),
        "etiquette": Etiquette.objects.create(caisse=x, nom="À rappeler"),
        "vue": VueEnregistree.objects.create(
            caisse=x, nom="Urgences", onglet="urgences", cree_le=clock.now(), cree_par=users["superviseur_x"]
        ),
        "lot": Lot.objects.create(
            caisse=x,
            auteur=users["agent_x"],
            acte=ActeLot.PRENDRE,
            total=1,
            cree_le=clock.now(),
            fini_le=clock.now(),
        ),
        "motif_x": f.motif(ListeMotifs.CAUSE, "LOCALE", caisse=x),
        "catalogue_x": catalogue,
        "document": document,
        "document_remis": remis,
        "ressource_x": Ressource.objects.create(code="LOCALE", libelle="Ici", objets=["AUTRE"], caisse=x),
        "modele": ModeleReponse.objects.create(caisse=x, nom="Local", moment="MESSAGE", texte="Bonjour"),
        "type_piece_x": f.type_piece("locale", caisse=x),
        "courriel": Courriel.objects.create(
            cle="matrice",
            evenement="demande_envoyee",
            adresse="equipe@cpam.example",
            cree_le=clock.now(),
            a_envoyer_le=clock.now(),
        ),
    }
    objects |= appointments(conv_a, tech)
    objects |= reviews(x, a)
    objects |= convention_file(conv_a)
    record(Verbe.CREATION, caisse_id=x.pk, partenaire_id=a.pk, objet="demande", objet_id=envoyee.reference)
    objects["evenement"] = Evenement.objects.get(objet_id=envoyee.reference)
    return World(users, objects)


def reviews(caisse: Any, structure: Any) -> dict[str, Any]:
    """A review of A whose every account has its answer, one that is over with its proof, an import to correct."""
    tenant = {"caisse": caisse, "partenaire": structure}
    today, now = clock.today(), clock.now()
    old = RevueHabilitation.objects.create(**tenant, ouverte_le=now, echeance=today, confirmee_le=now)
    PreuveRevue.objects.create(**tenant, revue=old, contenu=pdf(), empreinte="0" * 64, le=now)
    revue = RevueHabilitation.objects.create(**tenant, ouverte_le=now, echeance=today + timedelta(days=9))
    LigneRevue.objects.bulk_create(
        LigneRevue(
            **tenant,
            revue=revue,
            compte=user,
            reponse=ReponseRevue.RESTE if user.active_le else ReponseRevue.PARTI,
            le=now,
        )
        for user in Utilisateur.objects.of_partenaire(structure).filter(is_active=True)
    )
    rows = [
        {"numero": number, "civilite": "MME", "prenom": "Zoé", "fonction": "Référente", **row}
        for number, row in (
            (2, {"nom": "Fictive", "telephone": "0639981200", "courriel": "zoe.deux@ccas.example"}),
            (3, {"nom": "", "telephone": "12", "courriel": "zoe@gmail.com"}),
        )
    ]
    importe = ImportTechniciens.objects.create(partenaire=structure, le=now, lignes=rows)
    return {"revue": revue, "revue_confirmee": old, "import": importe}


def convention_file(convention: Convention) -> dict[str, Any]:
    """The text of a convention, a signed document, a change of référent that waits."""
    modele = ModeleConvention.objects.create(
        caisse=convention.caisse,
        code="local",
        libelle="Local",
        nature="METIER",
        intitule="Convention",
        texte="# Article 1",
    )
    TexteConvention.objects.create(
        convention=convention, modele=modele, intitule="Convention", texte="# Article 1\n\nUn texte."
    )
    referent = Referent.objects.create(
        convention=convention, partie="PARTENAIRE", nom="Fictif", courriel="r@ccas.example"
    )
    tenant = {"caisse": convention.caisse, "partenaire": convention.partenaire}
    file = stored(
        convention.partenaire_id,
        convention.caisse_id,
        fonction="",
        nom="convention.pdf",
        origine=OrigineFichier.CONVENTION,
        transmise_le=clock.now(),
    )
    return {
        "modele_convention_x": modele,
        "changement_referent": ChangementReferent.objects.create(
            convention=convention,
            nature="RETRAIT",
            partie="PARTENAIRE",
            referent=referent,
            propose_le=clock.now(),
        ),
        "fichier_convention": DocumentConvention.objects.create(
            **tenant, convention=convention, nature="CONVENTION", piece=file
        ),
    }


def piece(demande: Any, kind: Any, **fields: Any) -> Piece:
    """A pièce of a demande, analysed, its content in the vault; sent with the demande if that was sent."""
    values = {"fonction": demande.fonction, "deposee_par": demande.auteur, "transmise_le": demande.envoyee_le}
    row = stored(demande.partenaire_id, demande.caisse_id, **{**values, **fields})
    tenant = {"caisse_id": demande.caisse_id, "partenaire_id": demande.partenaire_id}
    PieceJointe.objects.create(**tenant, demande=demande, piece=row, type_piece=kind)
    return row


def stored(partenaire_id: int, caisse_id: int, **fields: Any) -> Piece:
    """A pièce of these tenants, analysed, its content in the vault."""
    identity = uuid7()
    content = vault.store(io.BytesIO(pdf()), vault.Context(identity, partenaire_id, caisse_id))
    values = {
        "id": identity,
        "nom": "identite.pdf",
        "type_mime": "application/pdf",
        "taille": content.sealed.size,
        "pages": 1,
        "empreinte": content.sealed.sha256,
        "chemin": content.path,
        "cle_fichier": content.sealed.key.data,
        "cle_id": content.sealed.key.key_id,
        "etat": EtatPiece.SAINE,
        "analysee_le": clock.now(),
        "prochain_essai_le": clock.now(),
        "deposee_le": clock.now(),
    }
    return Piece.objects.create(partenaire_id=partenaire_id, caisse_id=caisse_id, **{**values, **fields})
