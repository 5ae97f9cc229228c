"""Renders a piece of template the way a screen does."""

import re
from typing import Any

from django.template import Context, Template

NBSP = "\u00a0"


def draw(source: str, **context: Any) -> str:
    """The HTML of a piece of template, on one line, with single spaces."""
    html = Template(source).render(Context(context))
    html = re.sub(r"\s+", " ", html.replace(NBSP, "&nbsp;")).replace("&nbsp;", NBSP)
    return re.sub(r"(?<=>) | (?=[<>])", "", html).strip()


def words(html: str) -> str:
    """What a screen reader would say: the text without tags, with single spaces."""
    text = re.sub(r"<(script|template|style)\b.*?</\1>", "", html, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", text).replace(NBSP, " ").split())
