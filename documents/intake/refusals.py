"""Why a file is refused: a code for the journal, and one sentence that says what to do instead."""

from enum import StrEnum
from typing import Final

from django.conf import settings

from portal.errors import DomainError


class Refusal(StrEnum):
    """The reasons. The code is kept; the sentence is shown."""

    EMPTY = "vide"
    TOO_LARGE = "trop_lourd"
    ARCHIVE = "archive"
    OFFICE = "bureautique"
    TYPE = "type"
    EXTENSION = "extension"
    TRUNCATED = "tronque"
    DAMAGED = "abime"
    ENCRYPTED = "chiffre"
    ACTIVE = "contenu_actif"
    EMBEDDED = "fichiers_joints"
    POLYGLOT = "double_nature"
    TOO_MANY_PAGES = "trop_de_pages"
    TOO_COMPLEX = "trop_complexe"
    TOO_MANY_PIXELS = "trop_de_pixels"


MEBIBYTE: Final = 1024 * 1024
MAX_PAGES: Final = 200
MAX_PIXELS: Final = 50_000_000

_AGAIN: Final = "Ouvrez-le, imprimez-le «\u00a0au format PDF\u00a0», puis envoyez ce nouveau fichier."

SENTENCES: Final = {
    Refusal.EMPTY: "Ce fichier est vide. Choisissez-en un autre.",
    Refusal.TOO_LARGE: (
        "Ce fichier dépasse {megabytes}\u00a0Mo. Numérisez-le à nouveau en 200\u00a0points par pouce, "
        "ou envoyez-le en plusieurs fichiers."
    ),
    Refusal.ARCHIVE: (
        "Les archives (ZIP, RAR, 7z) ne sont pas acceptées. Envoyez chaque document seul, en PDF ou en photo."
    ),
    Refusal.OFFICE: (
        "Les fichiers de bureautique (Word, Excel, LibreOffice) ne sont pas acceptés. "
        "Enregistrez ce document au format PDF, puis envoyez-le."
    ),
    Refusal.TYPE: (
        "Ce fichier n’est ni un PDF ni une photo (JPEG, PNG ou HEIC). "
        "Enregistrez le document au format PDF ou prenez-le en photo."
    ),
    Refusal.EXTENSION: (
        "Le contenu de ce fichier ne correspond pas à son nom. "
        "Enregistrez à nouveau le document au format PDF, ou prenez-le en photo."
    ),
    Refusal.TRUNCATED: "Ce fichier est incomplet. Enregistrez-le ou numérisez-le à nouveau, puis renvoyez-le.",
    Refusal.DAMAGED: "Ce fichier est abîmé et ne peut pas être lu. Enregistrez-le ou numérisez-le à nouveau.",
    Refusal.ENCRYPTED: (
        "Ce PDF est protégé par un mot de passe. Enregistrez-le sans protection, ou photographiez le document."
    ),
    Refusal.ACTIVE: f"Ce PDF contient des éléments actifs (scripts, formulaire dynamique, média). {_AGAIN}",
    Refusal.EMBEDDED: f"Ce PDF contient d’autres fichiers joints. {_AGAIN}",
    Refusal.POLYGLOT: f"Ce fichier mélange plusieurs formats. {_AGAIN}",
    Refusal.TOO_MANY_PAGES: (
        f"Ce PDF compte plus de {MAX_PAGES}\u00a0pages. Envoyez seulement les pages utiles, "
        "ou coupez-le en plusieurs fichiers."
    ),
    Refusal.TOO_COMPLEX: f"Ce PDF est trop complexe pour être contrôlé. {_AGAIN}",
    Refusal.TOO_MANY_PIXELS: (
        "Cette image dépasse 50\u00a0millions de pixels. Réduisez sa taille, "
        "ou reprenez la photo avec un réglage ordinaire."
    ),
}


class RefusedFile(DomainError):
    """A file that is not accepted. `message` can be shown; it holds nothing of the file nor of its name."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        megabytes = settings.PIECE_MAX_BYTES // MEBIBYTE
        super().__init__(SENTENCES[refusal].format(megabytes=megabytes), code=refusal.value)
