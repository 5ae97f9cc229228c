"""The words of conventions, written as plain lines and read as blocks for a document.

A line that begins with « # » is the title of an article or of an annex, « ## » one inside it, « - » an item of a
list; a line between brackets stands for a table the portal fills in; other lines are paragraphs, with an empty line
between them.
`{caisse}`, `{structure}` and `{tiers}` stand for the names of the parties.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

VARIABLES = {
    "caisse": "le nom de la caisse",
    "structure": "le nom de la structure",
    "tiers": "le nom des tiers signataires",
}
TABLES = {
    "referents": "les référents de chaque partie",
    "fonctions": "les fonctions activées",
    "habilitations": "le tableau des habilitations",
    "membres": "les membres de l’union et leur niveau",
    "dpo": "les délégués à la protection des données",
}
_VARIABLE = re.compile(r"\{([^{}]*)\}")
_TABLE = re.compile(r"\[([^\[\]]*)\]")


class WrongText(ValueError):
    """A text that cannot be read; the message says which line, in French."""


@dataclass
class Bloc:
    """A piece of a text: « titre », « sous-titre », « paragraphe », « liste » (its `lignes`), « tableau » (named)."""

    genre: str
    texte: str = ""
    lignes: list[str] = field(default_factory=list)


def read_text(text: str, values: Mapping[str, str]) -> list[Bloc]:
    """The blocks of a text, with the names of the parties in their places.

    Raises:
        WrongText: a variable or a table nobody knows.
    """
    blocks: list[Bloc] = []
    open_paragraph = False
    for raw in text.splitlines():
        line = raw.strip()
        if open_paragraph and line and not line.startswith(("#", "- ", "[")):
            blocks[-1].texte += f" {line}"
            continue
        open_paragraph = False
        if not line:
            continue
        if table := _TABLE.fullmatch(line):
            blocks.append(_table(table[1]))
        elif line.startswith("#"):
            blocks.append(Bloc("sous-titre" if line.startswith("##") else "titre", line.lstrip("# ")))
        elif line.startswith("- "):
            if not blocks or blocks[-1].genre != "liste":
                blocks.append(Bloc("liste"))
            blocks[-1].lignes.append(line[2:])
        else:
            blocks.append(Bloc("paragraphe", line))
            open_paragraph = True
    for block in blocks:
        block.texte = _fill(block.texte, values, first=True)
        block.lignes = [_fill(line, values, first=False) for line in block.lignes]
    return blocks


def _table(name: str) -> Bloc:
    if name not in TABLES:
        raise WrongText(f"Tableau inconnu\u00a0: [{name}]. Possibles\u00a0: {', '.join(TABLES)}.")
    return Bloc("tableau", name)


def _fill(text: str, values: Mapping[str, str], *, first: bool) -> str:
    """The text with its variables; one that begins a sentence takes a capital."""

    def value(found: re.Match[str]) -> str:
        if found[1] not in VARIABLES:
            known = ", ".join(f"{{{name}}}" for name in VARIABLES)
            raise WrongText(f"Variable inconnue\u00a0: {found[0]}. Possibles\u00a0: {known}.")
        word = values.get(found[1], found[0])
        before = text[: found.start()].rstrip()
        begins = before.endswith((".", "!", "?")) if before else first
        return word[:1].upper() + word[1:] if begins else word

    return _VARIABLE.sub(value, text)
