"""What the sheet given to the person says of a demande, in plain words: « vous », short sentences, no acronym."""

from dataclasses import dataclass

from portal.text import search_key


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


MASCULINS = {
    "cada", "ccas", "cda", "centre", "chrs", "cias", "club", "collectif", "comité", "conseil", "département",
    "dispositif", "foyer", "groupe", "hôpital", "pôle", "relais", "réseau", "samu", "secours", "service", "siao",
    "syndicat",
}  # fmt: skip
FEMININS = {
    "association", "banque", "caf", "clinique", "commune", "croix-rouge", "entraide", "fondation", "maison",
    "mairie", "mission", "pass", "permanence", "résidence", "union",
}  # fmt: skip


def structure_in_words(nom: str) -> str:
    """A structure inside a sentence: « le CCAS de Valbrume », « l’association Les Deux Rives »; a name whose gender
    is not known stands after « votre structure »."""
    first, _, rest = nom.strip().partition(" ")
    word = first.lower()
    if word not in MASCULINS | FEMININS:
        return f"votre structure, {nom},"
    said = first if first.isupper() or "-" in first else word
    whole = f"{said} {rest}".strip()
    if search_key(word)[:1] in "aeiouyh":
        return f"l’{whole}"
    return f"{'le' if word in MASCULINS else 'la'} {whole}"


GENERALE = Fiche()
"""For a kind that has no words of its own."""
