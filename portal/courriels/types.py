"""The mails of the portal, as data: each kind is declared once, by the room whose event it tells.

A room declares its kinds in `<app>/courriels.py`; they are loaded when the portal starts. A mail says that
something happened, gives a reference and a link, and nothing else: no name, no date of birth, no motif.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.courriels.models import Courriel

CHAMPS_PERMIS = frozenset({"echeance", "jours", "heures", "nombre", "caisse", "lieu"})
"""What a template may say besides the reference and the link: dates, numbers, the name of a caisse, the kind of
place of an appointment."""

LinkBuilder = Callable[["Courriel"], str]


@dataclass(frozen=True)
class TypeCourriel:
    """A kind of mail.

    Attributes:
        code: names the templates `courriels/<code>.txt` and `courriels/<code>.html`, and the event in the outbox.
        evenement: what happened, as a person would say it, for lists.
        sujet: the end of the subject, in lower case: « un complément est demandé ».
        destinataires: to whom it goes, in words.
        immediat: security or urgent: leaves at once, whatever frequency the person chose.
        champs: what the template says besides the reference and the link, out of CHAMPS_PERMIS.
        lien: the name of the builder of a link that is made when the mail leaves (one-time tokens), or nothing.
    """

    code: str
    evenement: str
    sujet: str
    destinataires: str
    immediat: bool = False
    champs: frozenset[str] = frozenset()
    lien: str = ""

    @property
    def gabarits(self) -> tuple[str, str]:
        """The text and HTML templates."""
        return f"courriels/{self.code}.txt", f"courriels/{self.code}.html"


_types: dict[str, TypeCourriel] = {}
_builders: dict[str, LinkBuilder] = {}


def declare(
    code: str,
    *,
    evenement: str,
    sujet: str,
    destinataires: str,
    immediat: bool = False,
    champs: frozenset[str] | set[str] = frozenset(),
    lien: str = "",
) -> TypeCourriel:
    """Declare a kind of mail; see TypeCourriel for the arguments.

    Raises:
        ValueError: the code is taken, or a field could carry personal data.
    """
    if code in _types:
        raise ValueError(f"the mail {code} is declared twice")
    if forbidden := set(champs) - CHAMPS_PERMIS:
        raise ValueError(f"the mail {code} may not say {sorted(forbidden)}")
    found = TypeCourriel(code, evenement, sujet, destinataires, immediat, frozenset(champs), lien)
    _types[code] = found
    return found


def type_of(code: str) -> TypeCourriel:
    """The kind of mail of this code.

    Raises:
        KeyError: nobody declares it any more.
    """
    return _types[code]


def all_types() -> Iterator[TypeCourriel]:
    """Every declared kind, in the order of their codes."""
    return iter(sorted(_types.values(), key=lambda kind: kind.code))


def link_builder(name: str) -> Callable[[LinkBuilder], LinkBuilder]:
    """Register the function that makes the links called `name` when a mail leaves.

    It is given the row of the outbox (`destinataire`, and the ids in `donnees`) and returns an absolute path of the
    portal. It runs in the scope « systeme »; what it returns is written nowhere.
    """

    def register(builder: LinkBuilder) -> LinkBuilder:
        _builders[name] = builder
        return builder

    return register


def builder_of(name: str) -> LinkBuilder:
    """The function registered under `name`.

    Raises:
        KeyError: there is none.
    """
    return _builders[name]
