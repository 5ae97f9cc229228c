"""The two caisses, the four structures, their conventions and the accounts of the demonstration.

Every name is made up; addresses end with « .example » and telephones belong to the range kept for fiction.
"""

from base64 import b32decode
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Permission
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.enums import FrequenceCourriels, Profil
from accounts.models import AcceptationCgu, RoleCaisse, RolePartenaire, Utilisateur, VersionCgu
from caisses.enums import Fonction
from caisses.models import Caisse, Equipe
from partners.enums import EtatConvention, Partie, TypePartenaire
from partners.models import Convention, ModeleConvention, Partenaire, Referent, Signataire
from partners.operations.modeles import rules_of
from partners.rules import term_after
from portal import clock

PASSWORD = "Cerisier-Lanterne-47-Orage"  # noqa: S105 - public: exists only under DEMO=1
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105

CAISSES: dict[str, dict[str, Any]] = {
    "251": {
        "adresse": "1 place de la Fiction\n25000 Besançon",
        "support_nom": "Ondine Brévaline",
        "support_courriel": "partenaires@cpam-doubs.example",
        "support_telephone": "+33199000251",
        "dpo_courriel": "dpo@cpam-doubs.example",
        "equipe_mas_courriel": "accompagnement.sante@cpam-doubs.example",
        "canal_secours": "Appelez la ligne des partenaires au 01 99 00 02 51, de 9 h à 17 h.",
        "canaux_secours": {
            "DOSSIER": "Envoyez le dossier papier par la poste, avec une copie des pièces.",
            "SAISINE": "Appelez la Mission accompagnement santé au 01 99 00 02 52.",
            "RENDEZ_VOUS": "Appelez le 36 46 ou présentez-vous à l’accueil.",
        },
    },
    "422": {
        "adresse": "2 rue de l’Invention\n42000 Saint-Étienne",
        "support_nom": "Gaspard Fontarel",
        "support_courriel": "partenaires@cpam-loire.example",
        "support_telephone": "+33199000422",
        "dpo_courriel": "dpo@cpam-loire.example",
        "equipe_mas_courriel": "accompagnement.sante@cpam-loire.example",
        "canal_secours": "Appelez la ligne des partenaires au 01 99 00 04 22, de 9 h à 17 h.",
    },
}

EQUIPES: dict[str, tuple[tuple[str, str, tuple[Fonction, ...], tuple[str, ...]], ...]] = {
    "251": (
        (
            "Mission accompagnement santé",
            "accompagnement.sante@cpam-doubs.example",
            (Fonction.SAISINE,),
            ("mas.251", "sup.251"),
        ),
        (
            "Accès aux droits",
            "acces.droits@cpam-doubs.example",
            (Fonction.DOSSIER, Fonction.RENDEZ_VOUS, Fonction.DOCUMENT, Fonction.CONTACT),
            ("agent.251",),
        ),
    ),
    "422": (
        (
            "Relations avec les partenaires",
            "accompagnement.sante@cpam-loire.example",
            (
                Fonction.SAISINE,
                Fonction.DOSSIER,
                Fonction.RENDEZ_VOUS,
                Fonction.DOCUMENT,
                Fonction.CONTACT,
            ),
            ("agent.422",),
        ),
    ),
}
"""The teams of each caisse, in order: name, mailbox, functions, accounts."""

REFERENTS = {"251": "agent.251", "422": "agent.422"}
"""Who receives the urgent demandes."""

SERVICES = [Fonction.SAISINE, Fonction.RENDEZ_VOUS, Fonction.DOCUMENT, Fonction.CONTACT, Fonction.HISTORIQUE]

STRUCTURES: dict[str, dict[str, Any]] = {
    "valbrume": {
        "raison_sociale": "CCAS de Valbrume",
        "type": TypePartenaire.CCAS,
        "siret": "25900010700013",
        "commune": "Valbrume",
        "code_postal": "25990",
        "nombre_membres": 8,
        "caisses": ("251", "422"),
    },
    "rocheclaire": {
        "raison_sociale": "CCAS de Roche-Claire",
        "type": TypePartenaire.CCAS,
        "siret": "25900011500016",
        "commune": "Roche-Claire",
        "code_postal": "25991",
        "nombre_membres": 18,
        "caisses": ("251",),
    },
    "pontreval": {
        "raison_sociale": "CCAS de Pontreval",
        "type": TypePartenaire.CCAS,
        "siret": "25900012300010",
        "commune": "Pontreval",
        "code_postal": "42990",
        "nombre_membres": 40,
        "caisses": ("422",),
    },
    "udaf": {
        "raison_sociale": "UDAF des Trois-Vallées",
        "type": TypePartenaire.TUTELLE,
        "siret": "25900013100013",
        "commune": "Trois-Vallées",
        "code_postal": "25992",
        "nombre_membres": 22,
        "caisses": ("251",),
    },
}


@dataclass(frozen=True)
class Compte:
    """An account of the demonstration."""

    identifiant: str
    profil: Profil
    organisation: str
    civilite: str
    prenom: str
    nom: str
    fonction: str
    frequence: str = FrequenceCourriels.IMMEDIAT


COMPTES = (
    Compte("tech.valbrume", Profil.TECHNICIEN, "valbrume", "MME", "Solène", "Arvidal", "Travailleuse sociale"),
    Compte("tech2.valbrume", Profil.TECHNICIEN, "valbrume", "M", "Anselme", "Courtevoie", "Travailleur social"),
    Compte("gest.valbrume", Profil.GESTIONNAIRE, "valbrume", "MME", "Maïlys", "Dorvalin", "Directrice"),
    Compte("tech.rocheclaire", Profil.TECHNICIEN, "rocheclaire", "M", "Ulysse", "Brantelle", "Agent d’accueil"),
    Compte("gest.rocheclaire", Profil.GESTIONNAIRE, "rocheclaire", "MME", "Perrine", "Vaulmont", "Responsable"),
    Compte("tech.pontreval", Profil.TECHNICIEN, "pontreval", "MME", "Albane", "Chastrier", "Assistante sociale"),
    Compte("gest.pontreval", Profil.GESTIONNAIRE, "pontreval", "M", "Corentin", "Esparvel", "Directeur"),
    Compte("tech.udaf", Profil.TECHNICIEN, "udaf", "MME", "Ludivine", "Marsantes", "Mandataire judiciaire"),
    Compte("gest.udaf", Profil.GESTIONNAIRE, "udaf", "M", "Théodore", "Quervalin", "Chef de service"),
    Compte("agent.251", Profil.AGENT, "251", "M", "Basile", "Tronchevel", "Agent d’accès aux droits"),
    Compte("mas.251", Profil.CONSEILLER_MAS, "251", "MME", "Ysaline", "Corbemont", "Conseillère"),
    Compte(
        "sup.251", Profil.SUPERVISEUR, "251", "MME", "Garance", "Plessival", "Responsable de l’accompagnement",
        FrequenceCourriels.QUOTIDIEN,
    ),
    Compte("admin.251", Profil.ADMIN_CAISSE, "251", "M", "Octave", "Rimbeval", "Chargé de partenariat"),
    Compte("agent.422", Profil.AGENT, "422", "MME", "Flavie", "Desaulnoy", "Agente d’accès aux droits"),
    Compte("admin.422", Profil.ADMIN_CAISSE, "422", "MME", "Honorine", "Vercenay", "Chargée de partenariat"),
    Compte("national", Profil.NATIONAL, "", "M", "Siméon", "Aubrelle", "Administrateur national"),
)  # fmt: skip


@dataclass
class World:
    """What the demandes of the demonstration need."""

    caisses: dict[str, Caisse]
    structures: dict[str, Partenaire]
    utilisations: dict[tuple[str, str], Convention]
    comptes: dict[str, Utilisateur]


def build(today: date) -> World:
    """Open the two caisses, and create structures, conventions and accounts."""
    caisses = _open_caisses()
    structures = _create_structures(caisses)
    utilisations = _create_conventions(caisses, structures, today)
    comptes = _create_accounts(caisses, structures)
    _create_teams(caisses, comptes)
    return World(caisses, structures, utilisations, comptes)


def _create_teams(caisses: dict[str, Caisse], comptes: dict[str, Utilisateur]) -> None:
    for code, teams in EQUIPES.items():
        for rank, (nom, courriel, fonctions, members) in enumerate(teams):
            equipe = Equipe.objects.create(
                caisse=caisses[code],
                nom=nom,
                courriel=courriel,
                fonctions=list(fonctions),
                ordre=10 * (rank + 1),
            )
            Utilisateur.objects.filter(identifiant__in=members).update(equipe=equipe)
    for code, identifiant in REFERENTS.items():
        caisses[code].referent_urgences = comptes[identifiant]
        caisses[code].save(update_fields=["referent_urgences"])


def _open_caisses() -> dict[str, Caisse]:
    for code, fields in CAISSES.items():
        Caisse.objects.filter(code=code).update(active=True, **fields)
    return {caisse.code: caisse for caisse in Caisse.objects.filter(code__in=CAISSES)}


def _create_structures(caisses: dict[str, Caisse]) -> dict[str, Partenaire]:
    rows = {}
    for name, fields in STRUCTURES.items():
        given = {key: value for key, value in fields.items() if key != "caisses"}
        rows[name] = Partenaire(
            **given,
            adresse="1 place de la Mairie",
            telephone="+33199001000",
            representant_civilite="MME",
            representant_nom="Célestine Hautevigne",
            representant_qualite="Présidente",
            dpo_courriel=f"dpo@{name}.example",
            domaines_autorises=[f"{name}.example"],
            caisse_referente=caisses[fields["caisses"][0]],
        )
    Partenaire.objects.bulk_create(rows.values())
    return rows


def _create_conventions(
    caisses: dict[str, Caisse], structures: dict[str, Partenaire], today: date
) -> dict[tuple[str, str], Convention]:
    pairs = [(name, code) for name, fields in STRUCTURES.items() for code in fields["caisses"]]
    modeles = {row.code: rules_of(row) for row in ModeleConvention.objects.filter(caisse=None)}
    metiers, utilisations = {}, {}
    for rank, (name, code) in enumerate(pairs):
        shared: dict[str, Any] = {
            "caisse": caisses[code],
            "partenaire": structures[name],
            "etat": EtatConvention.ACTIVE,
            "date_effet": today - timedelta(days=400 + 45 * rank),
        }
        metiers[name, code] = Convention(
            reference=f"M-{code}-{rank + 1:03d}", **modeles["metier-ccas-dossiers"], **shared
        )
        utilisations[name, code] = Convention(
            reference=f"U-{code}-{rank + 1:03d}",
            adossee_a=metiers[name, code],
            fonctions=[*SERVICES, Fonction.DOSSIER] if name == "valbrume" else SERVICES,
            documents_sortants=name == "udaf",
            **modeles["utilisation"],
            **shared,
        )
        for row in (metiers[name, code], utilisations[name, code]):
            row.echeance = term_after(row, today)
    Convention.objects.bulk_create(metiers.values())
    Convention.objects.bulk_create(utilisations.values())
    _sign([*metiers.values(), *utilisations.values()])
    Referent.objects.bulk_create(
        Referent(
            convention=convention,
            partie=partie,
            nom=nom,
            fonction="Référent local",
            courriel=f"referent.{code}@{name}.example",
            cas_urgents=partie == Partie.CAISSE,
        )
        for (name, code), convention in utilisations.items()
        for partie, nom in ((Partie.CAISSE, "Basile Tronchevel"), (Partie.PARTENAIRE, "Maïlys Dorvalin"))
    )
    return utilisations


def _sign(conventions: list[Convention]) -> None:
    Signataire.objects.bulk_create(
        Signataire(
            convention=convention, partie=partie, nom=nom, qualite=qualite, signee_le=convention.date_effet
        )
        for convention in conventions
        for partie, nom, qualite in (
            (Partie.CAISSE, "Aurélien Montferval", "Directeur"),
            (Partie.PARTENAIRE, "Célestine Hautevigne", "Présidente"),
        )
    )


def _create_accounts(caisses: dict[str, Caisse], structures: dict[str, Partenaire]) -> dict[str, Utilisateur]:
    since = clock.now() - timedelta(days=20)
    password = make_password(PASSWORD)
    rows = {
        compte.identifiant: Utilisateur(
            identifiant=compte.identifiant,
            password=password,
            profil=compte.profil,
            civilite=compte.civilite,
            prenom=compte.prenom,
            nom=compte.nom,
            fonction=compte.fonction,
            telephone="+33199002000",
            courriel=_address(compte),
            invite_le=since,
            active_le=since,
            mot_de_passe_le=since,
            frequence_courriels=compte.frequence,
        )
        for compte in COMPTES
    }
    Utilisateur.objects.bulk_create(rows.values())
    _give_roles(rows, caisses, structures)
    version = VersionCgu.objects.latest("publiee_le")
    AcceptationCgu.objects.bulk_create(
        AcceptationCgu(utilisateur=user, version=version, le=since) for user in rows.values()
    )
    key = b32decode(TOTP_SECRET).hex()
    TOTPDevice.objects.bulk_create(
        TOTPDevice(user=user, name="Application d’authentification", confirmed=True, key=key)
        for user in rows.values()
    )
    return rows


def _address(compte: Compte) -> str:
    place = {"251": "cpam-doubs", "422": "cpam-loire", "": "portail"}.get(compte.organisation)
    return f"{compte.identifiant}@{place or compte.organisation}.example"


def _give_roles(
    users: dict[str, Utilisateur], caisses: dict[str, Caisse], structures: dict[str, Partenaire]
) -> None:
    permissions = dict(Permission.objects.filter(codename__startswith="role_").values_list("codename", "pk"))
    partner_roles, caisse_roles = [], []
    for compte in COMPTES:
        user = users[compte.identifiant]
        permission_id = permissions[Profil(compte.profil).permission]
        if compte.organisation in structures:
            place = structures[compte.organisation]
            partner_roles.append(RolePartenaire(user=user, permission_id=permission_id, content_object=place))
        elif compte.organisation in caisses:
            caisse_roles.append(
                RoleCaisse(
                    user=user, permission_id=permission_id, content_object=caisses[compte.organisation]
                )
            )
        else:
            user.user_permissions.add(permission_id)
    RolePartenaire.objects.bulk_create(partner_roles)
    RoleCaisse.objects.bulk_create(caisse_roles)
