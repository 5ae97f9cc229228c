"""What a password must be (decisions.md §4.7): long, varied enough, not guessable, not about its owner."""

import math
import re
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

from accounts.memberships import membership_of
from accounts.models import Utilisateur
from portal import clock
from portal.folding import fold

MIN_LENGTH: Final = 12
MAX_LENGTH: Final = 128
MIN_BITS: Final = 80
MIN_SCORE: Final = 3
# Signs and accented letters of a French keyboard, counted as one alphabet.
OTHER_CHARACTERS: Final = 40
# zxcvbn refuses more, and what comes after adds nothing to its verdict.
JUDGED_LENGTH: Final = 72
CONTEXT_WORDS: Final = frozenset(
    {"ameli", "cpam", "ccas", "cnam", "assurance", "maladie", "partenaire", "partenaires", "portail"}
)
REFUSALS: Final = {
    "courte": f"Choisissez un mot de passe d’au moins {MIN_LENGTH} caractères. Exemple de méthode : quatre mots "
    "sans rapport entre eux, séparés par des tirets.",
    "longue": f"Choisissez un mot de passe de {MAX_LENGTH} caractères au plus.",
    "variete": "Allongez ce mot de passe ou variez ses caractères\u00a0: majuscules, chiffres ou signes.",
    "courante": "Ce mot de passe fait partie des plus utilisés. Choisissez-en un autre.",
    "devinable": "Ce mot de passe se devine facilement. Évitez les suites, les répétitions, les dates et les "
    "mots seuls.",
    "personnelle": "Retirez de ce mot de passe votre nom, votre identifiant, votre structure et les mots du "
    "portail.",
    "identique": "Choisissez un mot de passe différent de l’actuel.",
    "ancien": "Vous avez déjà utilisé ce mot de passe. Choisissez-en un nouveau.",
}
_WORDS = re.compile(r"[^a-z0-9]+")


def entropy_bits(password: str) -> float:
    """length × log2(alphabet), the alphabet being the sum of the classes of characters in use."""
    classes = (
        (26, lambda c: c.isascii() and c.islower()),
        (26, lambda c: c.isascii() and c.isupper()),
        (10, lambda c: c.isascii() and c.isdigit()),
        (OTHER_CHARACTERS, lambda c: not (c.isascii() and c.isalnum())),
    )
    alphabet = sum(size for size, belongs in classes if any(belongs(c) for c in password))
    return len(password) * math.log2(alphabet) if alphabet else 0.0


def personal_words(user: Utilisateur | None) -> set[str]:
    """The words a password must not contain: those of the account and of its organisation, and the portal's.

    Words of fewer than three letters say nothing and would refuse too much.
    """
    words = set(CONTEXT_WORDS)
    if user is None:
        return words
    texts = [user.nom, user.prenom, user.identifiant, user.courriel.partition("@")[0]]
    membership = membership_of(user) if user.pk else None
    if membership and membership.partenaire:
        texts += [membership.partenaire.raison_sociale, membership.partenaire.commune]
    if membership and membership.caisse:
        texts.append(membership.caisse.nom)
    for text in texts:
        words.update(word for word in _WORDS.split(fold(text).text) if len(word) >= 3)
    return words - {"des", "les", "sur", "aux", "saint"}


class PasswordPolicy:
    """The one validator of AUTH_PASSWORD_VALIDATORS; it gives the first rule that is broken."""

    def __init__(self) -> None:
        self._common = CommonPasswordValidator()

    def validate(self, password: str, user: Utilisateur | None = None) -> None:
        """Refuse a weak password.

        Raises:
            ValidationError: with the code of the rule (a key of REFUSALS).
        """
        code = self._broken_rule(password, user)
        if code:
            raise ValidationError(REFUSALS[code], code=code)

    def get_help_text(self) -> str:
        return f"Entre {MIN_LENGTH} et {MAX_LENGTH} caractères, sans votre nom ni un mot courant."

    def _broken_rule(self, password: str, user: Utilisateur | None) -> str:
        if len(password) < MIN_LENGTH:
            return "courte"
        if len(password) > MAX_LENGTH:
            return "longue"
        words = personal_words(user)
        folded = fold(password).text
        if any(word in folded for word in words):
            return "personnelle"
        if password.lower().strip() in self._common.passwords:
            return "courante"
        if entropy_bits(password) < MIN_BITS:
            return "variete"
        judged = zxcvbn(password[:JUDGED_LENGTH], user_inputs=sorted(words))
        return "devinable" if judged["score"] < MIN_SCORE else ""


def validity_days(profil: str) -> int:
    """How many days a password of this profile may be kept; 0: as long as one wants."""
    return int(settings.MOT_DE_PASSE_VALIDITE_PROFILS.get(profil, settings.MOT_DE_PASSE_VALIDITE_JOURS))


def password_expires_at(user: Utilisateur) -> datetime | None:
    """When the account must choose a new password; None when regular change is switched off.

    The agreement wants a change at regular intervals (art. 2.2.1); a password of unknown age is due now.
    """
    days = validity_days(user.profil)
    if not days:
        return None
    return user.mot_de_passe_le + timedelta(days=days) if user.mot_de_passe_le else clock.now()


def password_expired(user: Utilisateur) -> bool:
    """Whether the account must choose a new password before going on."""
    expires = password_expires_at(user)
    return expires is not None and expires <= clock.now()
