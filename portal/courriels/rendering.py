"""From a row of the outbox to a mail: subject, plain text, simple HTML. No tracking, no attachment."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from email.utils import formataddr
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.base import Template
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse

from portal.courriels.models import Courriel
from portal.courriels.types import TypeCourriel, builder_of, type_of
from portal.ui.text import day_in_words

PREFERENCES_ROUTE = "accounts:profil"
BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Rendu:
    """A mail ready to leave."""

    sujet: str
    texte: str
    html: str


def render(courriel: Courriel) -> Rendu:
    """The mail of one row; one-time links are made here and kept nowhere else.

    Raises:
        KeyError: its kind, or its link builder, is no longer declared.
    """
    kind = type_of(courriel.evenement)
    path = builder_of(kind.lien)(courriel) if kind.lien else courriel.lien
    context = {
        **_said(kind, courriel.donnees),
        "reference": courriel.reference,
        "lien": absolute(path),
        "preferences": "" if kind.immediat or courriel.destinataire_id is None else preferences_url(),
    }
    return fill(kind.gabarits, subject(kind.sujet, courriel.reference), context)


def fill(templates: tuple[str, str], sujet: str, context: Mapping[str, Any]) -> Rendu:
    """Fill a text and an HTML template with the same context."""
    values = {**context, "sujet": sujet, "marque": settings.BRAND["name"]}
    text = _django_template(templates[0]).render(Context(values, autoescape=False))
    html = _django_template(templates[1]).render(Context(values))
    return Rendu(sujet, BLANK_LINES.sub("\n\n", text).strip() + "\n", html)


def subject(words: str, reference: str = "") -> str:
    """« [Espace Partenaires] EP-251-7K3M2-42 : un complément est demandé »."""
    brand = settings.BRAND["name"]
    if reference:
        return f"[{brand}] {reference}\u00a0: {words}"
    return f"[{brand}] {words[:1].upper()}{words[1:]}"


def absolute(path: str) -> str:
    """The full address of a path of the portal; empty when there is no path."""
    return urljoin(settings.SITE_URL, path) if path else ""


def preferences_url() -> str:
    """Where a person chooses how often mails come."""
    try:
        return absolute(reverse(PREFERENCES_ROUTE))
    except NoReverseMatch:
        return ""


def message(rendu: Rendu, *, to: str, message_id: str) -> EmailMultiAlternatives:
    """The message for one address. Sent twice, it carries the same Message-ID, so that a duplicate can be told."""
    domain = urlsplit(settings.SITE_URL).hostname or "localhost"
    mail = EmailMultiAlternatives(
        subject=rendu.sujet,
        body=rendu.texte,
        from_email=formataddr((settings.BRAND["name"], settings.DEFAULT_FROM_EMAIL)),
        to=[to],
        headers={
            "Message-ID": f"<{message_id}@{domain}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
    mail.attach_alternative(rendu.html, "text/html")
    return mail


def line(courriel: Courriel) -> tuple[str, str, str]:
    """What the daily digest says of one mail: what happened, the reference, the link."""
    kind = type_of(courriel.evenement)
    return kind.evenement, courriel.reference, absolute(courriel.lien)


def _said(kind: TypeCourriel, donnees: Mapping[str, Any]) -> dict[str, Any]:
    """What the kind declares, out of the row's data; dates in words."""
    said = {name: donnees[name] for name in kind.champs if name in donnees}
    if said.get("echeance"):
        said["echeance"] = _in_words(said["echeance"])
    return said


def _in_words(echeance: str) -> str:
    """A day in words; what is in words already, a time with its day for one, as it is."""
    try:
        return day_in_words(date.fromisoformat(echeance), "l j F Y")
    except ValueError:
        return echeance


@lru_cache(maxsize=128)
def _django_template(name: str) -> Template:
    template: Template = get_template(name).template  # type: ignore[attr-defined]
    return template


def digest(lines: Sequence[tuple[str, str, str]], since: str) -> Rendu:
    """The daily digest of one person; `since` is « hier », « vendredi »…"""
    count = len(lines)
    words = f"votre récapitulatif ({count} événement{'s' if count > 1 else ''})"
    context = {"lignes": lines, "depuis": since, "nombre": count, "preferences": preferences_url()}
    return fill(("courriels/recapitulatif.txt", "courriels/recapitulatif.html"), subject(words), context)
