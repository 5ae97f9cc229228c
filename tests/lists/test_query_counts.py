"""Every list of the site makes the same number of queries for 3 rows and for 30, and at most 12."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Profil
from caisses.enums import ListeMotifs
from caisses.models import Annonce, TypePiece
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from signalements.enums import Statut
from signalements.models import Complement, Contact, ElementComplement, Message, NoteInterne, Passage
from signalements.queries.file_caisse import VUES
from signalements.queries.partner import ONGLETS
from tests import factories as f
from tests.permissions.world import World, build, piece

MOST = 12
FEW, MANY = 3, 30
SENT = (
    Statut.ENVOYEE,
    Statut.EN_COURS,
    Statut.A_COMPLETER,
    Statut.COMPLETEE,
    Statut.TRAITEE,
    Statut.BROUILLON,
)

PORTAL_LISTS = [
    ("technicien_a", "accueil", ""),
    *(("technicien_a", "signalements:demandes", f"?onglet={tab}") for tab in ONGLETS),
    ("gestionnaire_a", "accounts:gestion_accueil", ""),
    ("gestionnaire_a", "accounts:techniciens", ""),
    ("gestionnaire_a", "accounts:techniciens", "?vue=absents"),
    ("gestionnaire_a", "accounts:gestionnaires", ""),
    ("agent_x", "accueil", ""),
    *(("agent_x", "signalements:file", f"?vue={view}") for view in VUES),
    ("superviseur_x", "signalements:pilotage", ""),
    ("superviseur_x", "signalements:statistiques", ""),
    ("superviseur_x", "signalements:pilotage", "?liste=sans-agent"),
]
MODELS = (
    "audit_evenement",
    "caisses_caisse",
    "caisses_motif",
    "caisses_typepiece",
    "partners_partenaire",
    "partners_convention",
    "accounts_comptepartenaire",
    "accounts_comptecaisse",
    "accounts_demandehabilitation",
)
ADMIN_LISTS = [
    *(("admin_x", f"admin:{model}_changelist", "") for model in MODELS),
    *(
        ("national", f"admin:{model}_changelist", "")
        for model in (*MODELS, "caisses_annonce", "accounts_versioncgu")
    ),
]


def add_demandes(world: World, count: int) -> None:
    """More demandes of A and X in each status, late and not, with authors of their own and unread messages."""
    convention = world.objects["convention_a"]
    for number in range(count):
        author = f.utilisateur(Profil.TECHNICIEN, world.objects["structure_a"])
        agent = f.utilisateur(Profil.AGENT, world.objects["caisse_x"]) if number % 2 else None
        for statut in SENT:
            given = {} if statut in {Statut.ENVOYEE, Statut.BROUILLON} else {"assignee_a": agent}
            late = (
                {}
                if number % 3 or statut == Statut.BROUILLON
                else {"echeance": clock.today() - timedelta(days=2)}
            )
            row = f.demande(convention, author, statut=statut, **given, **late)
            if statut != Statut.BROUILLON:
                tenant = {"demande": row, "caisse": row.caisse, "partenaire": row.partenaire}
                for side in ("CAISSE", "PARTENAIRE"):
                    Message.objects.create(
                        **tenant, auteur=author, cote=side, texte="Bonjour", le=clock.now()
                    )


def add_admin_rows(world: World, count: int) -> None:
    """More of everything the administrators list."""
    caisse, serial = world.objects["caisse_x"], f.partenaire(world.objects["caisse_x"]).pk
    for number in range(count):
        structure = f.partenaire(caisse)
        f.habilitation(f.convention(structure, caisse), f.utilisateur(Profil.GESTIONNAIRE, structure))
        f.utilisateur(Profil.AGENT, caisse)
        f.caisse(f"{900 - serial % 50 - number}")
        f.motif(ListeMotifs.CAUSE, f"CAUSE_{serial}_{number}", caisse=caisse)
        f.type_piece(f"piece-{serial}-{number}", caisse=caisse)
        now = clock.now()
        Annonce.objects.create(
            titre="Maintenance", debut=now + timedelta(days=9), fin=now + timedelta(days=10)
        )
        record(Verbe.CREATION, caisse_id=caisse.pk, partenaire_id=structure.pk, objet="demande", objet_id="x")


def add_to_one(world: World, count: int) -> None:
    """More of everything the page of one demande shows: compléments answered and open, unread messages, files."""
    demande = world.objects["a_completer"]
    tenant = {"demande": demande, "caisse": demande.caisse, "partenaire": demande.partenaire}
    kind, author, agent = TypePiece.objects.get(code="identite"), demande.auteur, world.users["agent_x"]
    for number in range(count):
        when = clock.now() + timedelta(seconds=number)
        asked = Complement.objects.create(
            **tenant,
            demande_le=when,
            demande_par=agent,
            repondu_le=when,
            repondu_par=author,
            reponse="Voici.",
        )
        ElementComplement.objects.create(**tenant, complement=asked, type_piece=kind, libelle="Identité")
        Passage.objects.create(
            **tenant, de=Statut.EN_COURS, vers=Statut.A_COMPLETER, le=when, acteur=agent, cote="CAISSE"
        )
        for side, by in (("CAISSE", agent), ("PARTENAIRE", author)):
            Message.objects.create(**tenant, auteur=by, cote=side, texte="Bonjour", le=when)
        NoteInterne.objects.create(**tenant, auteur=agent, texte="À rappeler", le=when)
        Contact.objects.create(**tenant, auteur=agent, canal="TELEPHONE", resultat="ABSENTE", le=when)
        piece(demande, kind)


def reading_costs(world: World, reference: str) -> dict[str, int]:
    """How many queries the first reading of a demande makes on each side: it marks the messages as read too."""
    found = {}
    for actor, route in (
        ("technicien_a", "demande"),
        ("agent_x", "traitement"),
        ("superviseur_x", "traitement"),
    ):
        client, address = world.client(actor), reverse(f"signalements:{route}", args=[reference])
        client.get(address)  # what is read once per session or process
        Message.objects.filter(demande__reference=reference).update(lu_le=None)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        said = [q["sql"] for q in captured.captured_queries if "SAVEPOINT" not in q["sql"]]
        found[f"{actor} {route}"] = len(said)
    return found


@pytest.mark.django_db
def test_reading_a_demande_costs_the_same_whatever_it_holds() -> None:
    world = build()
    reference = world.objects["a_completer"].reference
    add_to_one(world, 1)
    few = reading_costs(world, reference)
    add_to_one(world, MANY)
    many = reading_costs(world, reference)
    assert many == few
    assert {name: count for name, count in many.items() if count > MOST} == {}


def costs(world: World, lists: list[tuple[str, str, str]]) -> dict[str, int]:
    """How many queries each list makes, its caches warm; the savepoints of the tests are not counted."""
    found = {}
    for actor, route, query in lists:
        client, address = world.client(actor), reverse(route) + query
        assert client.get(address).status_code in {200, 302}
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        said = [q["sql"] for q in captured.captured_queries if "SAVEPOINT" not in q["sql"]]
        found[f"{actor} {address}"] = len(said)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("lists", "add"),
    [(PORTAL_LISTS, add_demandes), (ADMIN_LISTS, add_admin_rows)],
    ids=["portal", "admin"],
)
def test_a_list_costs_the_same_for_3_rows_and_for_30(
    lists: list[tuple[str, str, str]], add: Callable[[World, int], None]
) -> None:
    world = build()
    add(world, FEW)
    few = costs(world, lists)
    add(world, MANY - FEW)
    many = costs(world, lists)
    assert {name: (few[name], count) for name, count in many.items() if count != few[name]} == {}
    assert {name: count for name, count in many.items() if count > MOST} == {}
