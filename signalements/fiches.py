"""What the sheet given to the person says of a demande, in plain words: « vous », short sentences, no acronym."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fiche:
    """The words of a kind on the sheet for the person.

    Attributes:
        objet: what was sent, after « a envoyé à la CPAM du Doubs ».
        suite: what comes next, a sentence each, while the demande is open.
        echeance: what happens at the latest on the day of the deadline; the day follows.
        but: what the data serve, after « pour ».
    """

    objet: str = "une demande"
    suite: tuple[str, ...] = (
        "La caisse étudie votre demande.",
        "S’il manque un papier ou une information, elle le demande à votre structure.",
        "Votre structure vous donne la réponse.",
    )
    echeance: str = "Réponse attendue au plus tard le"
    but: str = "traiter votre demande"


GENERALE = Fiche()
"""For a kind that has no words of its own."""
