"""Words that stand in the demandes of structure A and caisse X and nowhere else."""

from datetime import date
from typing import Any

from documents.models import Piece
from portal import clock
from portal.text import search_key
from signalements.kinds.document.models import DemandeDocument
from signalements.models import Contact, Message, NoteInterne, Personne
from signalements.models.complement import Complement, ElementComplement
from tests.permissions.world import ACTORS, World, build

PERSONNE = {
    "nom_naissance": "Zorglubesque",
    "nom_usage": "Brindezingue",
    "prenom": "Quillonce",
    "commune": "Ploumzanec",
    "courriel": "zq@kakapo.example",
    "telephone": "+33639987766",
}
# As the screens write the telephone.
TELEPHONE = "39\u00a098\u00a077\u00a066"
NAISSANCE = date(1907, 2, 28)
MESSAGE, FICHIER, COMPLEMENT = "perroquet turquoise", "kakapo violet.pdf", "axolotl opalin"
DOCUMENT = "calmar saumon"
NOTE, CONTACT = "ornithorynque cendré", "pangolin zébré"

SEEN_BY_BOTH = (
    PERSONNE["nom_naissance"],
    PERSONNE["nom_usage"],
    PERSONNE["prenom"],
    "28/02/1907",
    MESSAGE,
    FICHIER,
    COMPLEMENT,
)
OF_THE_CAISSE = (NOTE, CONTACT)
WORDS = (
    *PERSONNE.values(),
    TELEPHONE,
    "28/02/1907",
    "1907-02-28",
    MESSAGE,
    FICHIER,
    COMPLEMENT,
    DOCUMENT,
    NOTE,
    CONTACT,
)

# Who may see them.
AT_HOME = {"technicien_a", "agent_x", "conseiller_x", "superviseur_x"}
OUTSIDERS = [actor for actor in ACTORS if actor not in AT_HOME]


def found_in(text: str) -> list[str]:
    """The words that stand in a text, whatever its case."""
    lower = text.lower()
    return [word for word in WORDS if word.lower() in lower]


def world_with_canaries() -> World:
    """The world of the permission matrix, every sent demande of A and X full of canaries."""
    world = build()
    agent = world.users["agent_x"]
    now = clock.now()
    for key in ("envoyee", "en_cours", "traitee", "a_completer", "rdv_demande", "rdv_confirme", "rdv_passe"):
        demande = world.objects[key]
        tenant = {"demande": demande, "caisse_id": demande.caisse_id, "partenaire_id": demande.partenaire_id}
        Personne.objects.filter(demande=demande).update(
            **PERSONNE,
            naissance=NAISSANCE,
            nom_recherche=search_key(PERSONNE["nom_naissance"]),
            nom_usage_recherche=search_key(PERSONNE["nom_usage"]),
            prenom_recherche=search_key(PERSONNE["prenom"]),
        )
        Message.objects.create(**tenant, auteur=agent, cote="CAISSE", texte=MESSAGE, le=now)
        NoteInterne.objects.create(**tenant, auteur=agent, texte=NOTE, le=now)
        Contact.objects.create(
            **tenant, auteur=agent, canal="TELEPHONE", resultat="JOINTE", note=CONTACT, le=now
        )
    Piece.objects.filter(pk=world.objects["piece"].pk).update(nom=FICHIER)
    DemandeDocument.objects.update(
        libelle=DOCUMENT, reponses=[["Pays du séjour", DOCUMENT]], alertes=[DOCUMENT]
    )
    Complement.objects.update(message=COMPLEMENT)
    ElementComplement.objects.update(precision=COMPLEMENT)
    return world


def references(world: World) -> list[str]:
    """The references of the demandes of A and X."""
    return [
        world.objects[key].reference for key in ("envoyee", "en_cours", "traitee", "a_completer", "brouillon")
    ]


def read(response: Any) -> str:
    """The whole answer: status line, headers, body."""
    body = response.getvalue() if response.streaming else response.content
    return f"{response.headers}\n{body.decode('utf-8', 'replace')}"


def leaked(world: World, actor: str, address: str, page: str) -> list[str]:
    """What a page given to somebody who must see nothing of these demandes shows of them."""
    # The journal of the caisse names its demandes to its administrator.
    journal = actor == "admin_x" and "/audit/" in address
    shown = [ref for ref in references(world) if ref in page and ref not in address and not journal]
    return [f"{address}: {word}" for word in [*found_in(page), *shown]]
