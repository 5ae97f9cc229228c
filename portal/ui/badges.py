"""Badges: words and an icon first, colour second. All are cached: a list draws them on every row."""

from __future__ import annotations

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.ui.icons import icon

TONES = ("neutral", "info", "warning", "danger", "success", "danger-plein", "accent")

# Tone and icon of each status code. Labels come from the caller: they differ between the two sides.
STATUT_STYLES: dict[str, tuple[str, str]] = {
    "BROUILLON": ("neutral", "crayon"),
    "ENVOYEE": ("info", "enveloppe"),
    "EN_COURS": ("info", "sablier"),
    "A_COMPLETER": ("warning", "pause"),
    "COMPLETEE": ("info", "reponse"),
    "TRAITEE": ("neutral", "coche-cercle"),
    "ANNULEE": ("neutral", "croix"),
}

# A decided request takes the look of its outcome; every other outcome stays neutral.
ISSUE_STYLES: dict[str, tuple[str, str]] = {
    **dict.fromkeys(
        (
            "ACCORD",
            "DROITS_OUVERTS",
            "SOINS_REALISES",
            "AIDE_ACCORDEE",
            "HONORE",
            "DELIVRE_PORTAIL",
            "ENVOYE_PERSONNE",
            "REPONDU",
        ),
        ("success", "coche-cercle"),
    ),
    "REFUS": ("danger", "croix-cercle"),
}

ECHEANCE_STYLES: dict[str, tuple[str, str]] = {
    "neutral": ("neutral", "calendrier"),
    "warning": ("warning", "horloge"),
    "danger": ("danger", "horloge"),
    "late": ("danger-plein", "attention"),
    "paused": ("neutral", "pause"),
    "done": ("neutral", "coche"),
}


@lru_cache(maxsize=2048)
def badge(label: str, tone: str = "neutral", icon_name: str = "") -> SafeString:
    """Return a badge; `tone` is one of TONES and never the only carrier of the meaning."""
    return format_html(
        '<span class="ep-badge ep-badge--{}">{}{}</span>', tone, icon(icon_name) if icon_name else "", label
    )


@lru_cache(maxsize=2048)
def tag(label: str, ton: str = "") -> SafeString:
    """Return a label chosen by people; `ton` colours its dot, never its words."""
    if not ton:
        return format_html('<span class="ep-tag">{}</span>', label)
    return format_html('<span class="ep-tag ep-tag--{}">{}</span>', ton, label)


def statut(code: str, label: str, issue: str = "") -> SafeString:
    """Return the badge of a status `code`, worded `label`; a decided one takes the look of its `issue`."""
    tone, icon_name = STATUT_STYLES.get(code, ("neutral", ""))
    if issue:
        tone, icon_name = ISSUE_STYLES.get(issue, (tone, icon_name))
    return badge(str(label), tone, icon_name)


@lru_cache(maxsize=2048)
def echeance(text: str, tone: str = "neutral") -> SafeString:
    """Return a deadline label; `tone` is neutral, warning, danger, late, paused or done."""
    style, icon_name = ECHEANCE_STYLES.get(tone, ECHEANCE_STYLES["neutral"])
    return format_html('<span class="ep-echeance ep-echeance--{}">{}{}</span>', style, icon(icon_name), text)
