"""Objects of the domain for the tests: choices that matter are named by the caller."""

import itertools
import uuid
from datetime import date, timedelta
from typing import Any

from accounts.enums import Civilite, NatureHabilitation, Profil, StatutHabilitation
from accounts.memberships import Membership, membership_of
from accounts.models import DemandeHabilitation, SessionAssistance, Utilisateur
from accounts.operations.roles import give_role
from caisses.enums import Fonction
from caisses.models import Caisse, Equipe, Motif, TypePiece
from partners.enums import EtatConvention, NatureConvention, TypePartenaire
from partners.models import Convention, Partenaire
from portal import clock
from portal.text import search_key

PASSWORD = "Cerisier-Lanterne-47-Orage"
SIRETS = ("26421029500020", "73282932000074")
_serial = itertools.count(1)


def _siret() -> str:
    """A SIRET with right keys, new at each call."""
    number = next(_serial)
    siren = f"2{number:07d}"
    siren += _luhn_digit(siren)
    nic = f"{siren}0001"
    return nic + _luhn_digit(nic)


def _luhn_digit(digits: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def caisse(code: str = "251", **fields: Any) -> Caisse:
    """A caisse open on the portal (the CPAM du Doubs unless told)."""
    defaults = {
        "nom": f"CPAM {code}",
        "type": "CPAM",
        "departements": [code[:2]],
        "active": True,
        "equipe_mas_courriel": f"mas@cpam-{code}.example",
        "support_courriel": f"support@cpam-{code}.example",
    }
    return Caisse.objects.create(code=code, **{**defaults, **fields})


def equipe(of: Caisse, *fonctions: str, **fields: Any) -> Equipe:
    """A team of a caisse that handles these functions."""
    defaults = {"nom": f"Équipe fictive {next(_serial)}", "fonctions": list(fonctions)}
    return Equipe.objects.create(caisse=of, **{**defaults, **fields})


def partenaire(referente: Caisse, **fields: Any) -> Partenaire:
    """A CCAS of 8 members, declared by `referente`."""
    number = next(_serial)
    defaults = {
        "raison_sociale": f"CCAS de Testville {number}",
        "type": TypePartenaire.CCAS,
        "siret": _siret(),
        "commune": "Testville",
        "nombre_membres": 8,
        "domaines_autorises": ["ccas.example"],
    }
    return Partenaire.objects.create(caisse_referente=referente, **{**defaults, **fields})


def convention(
    part: Partenaire, with_caisse: Caisse, *, fonctions: list[str] | None = None, **fields: Any
) -> Convention:
    """An active convention d'utilisation, on an active métier one; every function is on unless told."""
    number = next(_serial)
    dates = {
        "date_effet": fields.pop("date_effet", date(2024, 1, 15)),
        "date_fin": fields.pop("date_fin", None),
    }
    metier = Convention.objects.create(
        reference=f"M-{number}",
        nature=NatureConvention.METIER,
        caisse=with_caisse,
        partenaire=part,
        etat=EtatConvention.ACTIVE,
        **dates,
    )
    return Convention.objects.create(
        reference=f"U-{number}",
        nature=NatureConvention.UTILISATION,
        caisse=with_caisse,
        partenaire=part,
        adossee_a=metier,
        etat=fields.pop("etat", EtatConvention.ACTIVE),
        fonctions=list(Fonction.values) if fonctions is None else fonctions,
        **dates,
        **fields,
    )


def utilisateur(profil: Profil, organisation: Partenaire | Caisse | None, **fields: Any) -> Utilisateur:
    """An activated account with its role."""
    number = next(_serial)
    now = clock.now()
    defaults = {
        "identifiant": f"{profil.value}.{number}".replace("_", "-"),
        "civilite": Civilite.MADAME,
        "nom": f"Nomfictif{number}",
        "prenom": "Camille",
        "fonction": "Fonction fictive",
        "courriel": f"{profil.value}.{number}@ccas.example",
        "active_le": now,
        "mot_de_passe_le": now,
    }
    password = fields.pop("password", None)
    user = Utilisateur(profil=profil, **{**defaults, **fields})
    if password:
        user.set_password(password)
    else:
        user.set_unusable_password()
    user.save()
    give_role(user, organisation)
    return user


def membership(profil: Profil, organisation: Partenaire | Caisse | None, **fields: Any) -> Membership:
    """The membership of a new account."""
    found = membership_of(utilisateur(profil, organisation, **fields))
    assert found is not None
    return found


def habilitation(
    conv: Convention, demandeur: Utilisateur | None = None, **fields: Any
) -> DemandeHabilitation:
    """A request to habilitate a gestionnaire, which the caisse received now; by the public form without `demandeur`."""
    now = clock.now()
    number = next(_serial)
    defaults = {
        "reference": f"HAB-{conv.caisse.code}-{number:05d}-00",
        "nature": NatureHabilitation.CREATION,
        "statut": StatutHabilitation.DEMANDEE,
        "caisse": conv.caisse,
        "partenaire": conv.partenaire,
        "demandeur": demandeur,
        "civilite": Civilite.MADAME,
        "nom": "Nouvellefictive",
        "prenom": "Zoé",
        "fonction": "Directrice",
        "telephone": "+33381000000",
        "courriel": f"zoe.{number}@ccas.example",
        "cree_le": now,
        "recue_le": now,
        "delai_depuis": now,
    }
    return DemandeHabilitation.objects.create(**{**defaults, **fields})


def motif(liste: str, code: str, libelle: str | None = None, **fields: Any) -> Motif:
    """An entry of a reference list."""
    return Motif.objects.create(liste=liste, code=code, libelle=libelle or code.title(), **fields)


def type_piece(code: str = "identite", **fields: Any) -> TypePiece:
    """A kind of pièce, for saisines unless told."""
    defaults = {"libelle": code.title(), "fonctions": [Fonction.SAISINE]}
    return TypePiece.objects.create(code=code, **{**defaults, **fields})


def demande(conv: Convention, auteur: Utilisateur, *, statut: str, **fields: Any) -> Any:
    """A saisine of `conv` in `statut`, sent three days ago unless told, with its person and situation."""
    from portal.reference import new_reference
    from signalements.enums import Statut
    from signalements.kinds.saisine.models import Saisine
    from signalements.models import Brouillon, Demande, Personne

    now = clock.now()
    person = {
        "civilite": "MME",
        "nom_naissance": "Fictive",
        "prenom": "Jeanne",
        "naissance": date(1984, 3, 12),
        "departement": "25",
        "telephone": "+33600000000",
        **fields.pop("personne", {}),
    }
    sent = statut != Statut.BROUILLON
    values: dict[str, Any] = {
        "reference": new_reference(conv.caisse.code),
        "fonction": Fonction.SAISINE,
        "caisse": conv.caisse,
        "partenaire": conv.partenaire,
        "convention": conv,
        "auteur": auteur,
        "statut": statut,
        "cle_creation": uuid.uuid4(),
        "information_donnee": sent,
        "accord_recueilli": sent,
        "cree_le": now - timedelta(days=4),
        "modifiee_le": now,
    }
    if sent:
        values |= {
            "envoyee_le": now - timedelta(days=3),
            "delai_jours": 5,
            "echeance": clock.today() + timedelta(days=4),
        }
    if statut == Statut.A_COMPLETER:
        values |= {"suspendue_le": clock.today(), "reste_jours": 4}
    if statut == Statut.TRAITEE:
        values |= {"issue": "DROITS_OUVERTS", "traitee_le": now}
    row = Demande.objects.create(**{**values, **fields})
    tenant = {"demande": row, "caisse": conv.caisse, "partenaire": conv.partenaire}
    if not sent:
        Brouillon.objects.create(**tenant, etape="personne", donnees={})
        return row
    Personne.objects.create(
        **tenant,
        **person,
        nom_recherche=search_key(person["nom_naissance"]),
        nom_usage_recherche=search_key(person.get("nom_usage", "")),
        prenom_recherche=search_key(person["prenom"]),
    )
    Saisine.objects.create(
        **tenant,
        difficultes=["DROITS_BASE"],
        canal_prefere="TELEPHONE",
        droits_base="INCONNU",
        complementaire="INCONNU",
        medecin_traitant="INCONNU",
    )
    return row


def catalogue(code: str = "ATTESTATION", **fields: Any) -> Any:
    """A document of the catalogue, national unless told, given by every way."""
    from documents.enums import ModeRemise
    from documents.models import EntreeCatalogue

    defaults = {"libelle": code.title(), "modes": list(ModeRemise.values)}
    return EntreeCatalogue.objects.create(code=code, **{**defaults, **fields})


def demande_document(
    conv: Convention, auteur: Utilisateur, entree: Any, *, statut: str = "EN_COURS", **fields: Any
) -> Any:
    """A document request of `conv`, with its person."""
    from signalements.kinds.document.models import DemandeDocument

    row = demande(conv, auteur, statut=statut, fonction=Fonction.DOCUMENT, **fields)
    row.saisine.delete()
    DemandeDocument.objects.create(
        demande=row,
        caisse=conv.caisse,
        partenaire=conv.partenaire,
        entree=entree,
        libelle=entree.libelle,
        remise="COURRIER",
    )
    return row


def document_remis(row: Any, agent: Utilisateur, *, content: bytes | None = None) -> Any:
    """A document an agent has prepared for a demande, in analysis."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from signalements.kinds.document.operations import add_document
    from tests.documents.conftest import pdf_bytes

    actor = membership_of(agent)
    assert actor is not None
    fichier = SimpleUploadedFile("attestation.pdf", content or pdf_bytes(), "application/pdf")
    return add_document(actor=actor, demande_id=row.pk, fichier=fichier, cle=uuid.uuid4())


def dossier(conv: Convention, auteur: Utilisateur, *, statut: str, **fields: Any) -> Any:
    """A CSS dossier in `statut`: a demande with its dossier, a pièce to check and its first period."""
    from signalements.enums import Statut
    from signalements.kinds.dossier.models import Dossier, Periode, PieceDossier

    of_dossier = {"type": "CSS", "nature": "PREMIERE", "adresse": "CCAS", **fields.pop("dossier", {})}
    row = demande(conv, auteur, statut=statut, fonction=Fonction.DOSSIER, **fields)
    if statut == Statut.BROUILLON:
        row.brouillon.donnees = {"situation": {"droit": ["CSS"], "nature": ["PREMIERE"]}}
        row.brouillon.save()
        return row
    row.saisine.delete()
    tenant = {"demande": row, "caisse": conv.caisse, "partenaire": conv.partenaire}
    Dossier.objects.create(**tenant, **of_dossier)
    kind, _ = TypePiece.objects.get_or_create(
        code="FORMULAIRE", caisse=None, defaults={"libelle": "Formulaire", "fonctions": [Fonction.DOSSIER]}
    )
    PieceDossier.objects.create(**tenant, type_piece=kind, rang=1, obligatoire=True, etat="PRESENTE")
    received = row.envoyee_le.date()
    Periode.objects.create(**tenant, rang=1, recue_le=received, echeance=received + timedelta(days=29))
    return row


def piece_attendue(kind: TypePiece, **fields: Any) -> Any:
    """A pièce a CSS dossier expects, national unless told."""
    from signalements.kinds.dossier.models import PieceAttendue

    return PieceAttendue.objects.create(**{"type_dossier": "CSS", "type_piece": kind, **fields})


def regle_dossier(**fields: Any) -> Any:
    """The rule of the CSS dossiers."""
    from signalements.kinds.dossier.models import RegleDossier

    defaults = {"type": "CSS", "formulaire": "S3711", "delai_legal_mois": 2, "silence": "ACCORD"}
    return RegleDossier.objects.create(**{**defaults, **fields})


def session_assistance(caisse: Caisse, national: Utilisateur, **fields: Any) -> SessionAssistance:
    """A session of national support into `caisse`, under way for an hour unless told."""
    now = clock.now()
    given = {"motif": "Ticket 4242", "ouverte_le": now, "fin_prevue_le": now + timedelta(hours=1), **fields}
    return SessionAssistance.objects.create(caisse=caisse, ouverte_par=national, **given)
