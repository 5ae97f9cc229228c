"""Template tags `ui_*`, available in every template: small pieces, blocks, lists, files. See `docs/ui.md`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from portal.ui import badges, charts, text
from portal.ui.drawing import draw
from portal.ui.icons import icon
from portal.ui.rows import draw_rows
from portal.ui.tables import Column, header_cells

register = template.Library()

ALERT_WORDS = {
    "info": ("Information", "info"),
    "success": ("Succès", "coche-cercle"),
    "warning": ("Attention", "attention"),
    "danger": ("Erreur", "erreur"),
}
MESSAGE_TONES = {"error": "danger", "debug": "info"}
FILE_STATES = {
    "EN_ANALYSE": ("neutral", "sablier", "Analyse en cours"),
    "SAINE": ("success", "coche", "Vérifié"),
    "REFUSEE": ("danger", "croix-cercle", "Fichier refusé"),
}


# Small pieces -----------------------------------------------------------------------------------------


@register.simple_tag
def ui_icon(name: str, label: str = "", css: str = "") -> SafeString:
    """Draw an icon of the sprite, hidden from screen readers unless it has a label."""
    return icon(name, label, css)


@register.simple_tag
def ui_badge(label: object, tone: str = "neutral", icon_name: str = "") -> SafeString:
    """Draw a badge set by the system (a state)."""
    return badges.badge(str(label), tone, icon_name)


@register.simple_tag
def ui_statut(code: str, label: object, issue: str = "") -> SafeString:
    """Draw the status of a demande, worded for the reader's side."""
    return badges.statut(code, str(label), issue)


@register.simple_tag
def ui_echeance(label: object, tone: str = "neutral") -> SafeString:
    """Draw a deadline: neutral, warning, danger, late, paused or done."""
    return badges.echeance(str(label), tone)


@register.simple_tag
def ui_tag(label: object, remove_url: str = "", ton: str = "") -> SafeString:
    """Draw a label chosen by people, `ton` is its colour; with `remove_url`, a link that takes it away."""
    if not remove_url:
        return badges.tag(str(label), ton)
    return format_html(
        '<a class="ep-tag" href="{}">{}<span class="visually-hidden"> : retirer</span>{}</a>',
        remove_url,
        label,
        icon("croix"),
    )


@register.simple_tag
def ui_button(
    label: object,
    variant: str = "primary",
    icon_name: str = "",
    *,
    type: str = "submit",
    name: str = "",
    value: str = "",
    form: str = "",
    css: str = "",
    hidden: str = "",
) -> SafeString:
    """Draw a button: primary, secondary, quiet or danger; `hidden` completes its name for screen readers."""
    extra = [format_html(' {}="{}"', key, val) for key, val in (("name", name), ("form", form)) if val]
    if name:
        extra.append(format_html(' value="{}"', value))
    return format_html(
        '<button type="{}" class="{}"{}>{}{}{}</button>',
        type,
        f"btn ep-btn ep-btn--{variant} {css}".strip(),
        SafeString("".join(extra)),
        icon(icon_name) if icon_name else "",
        label,
        format_html('<span class="visually-hidden"> {}</span>', hidden) if hidden else "",
    )


@register.simple_tag
def ui_link(
    label: object, url: str, variant: str = "link", icon_name: str = "", hidden: str = "", css: str = ""
) -> SafeString:
    """Draw a link, or a link that looks like a button; `hidden` completes its name for screen readers."""
    look = f"ep-link {css}" if variant == "link" else f"btn ep-btn ep-btn--{variant} {css}"
    return format_html(
        '<a class="{}" href="{}">{}{}{}</a>',
        look.strip(),
        url,
        icon(icon_name) if icon_name else "",
        label,
        format_html('<span class="visually-hidden"> {}</span>', hidden) if hidden else "",
    )


@register.simple_tag
def ui_copy(value: object, label: str = "Copier", hidden: str = "") -> SafeString:
    """Draw a value with a button that copies it; without JavaScript only the value is there."""
    return format_html(
        '<span class="ep-copy"><span class="ep-copy__value">{}</span>'
        '<button type="button" class="btn ep-btn ep-btn--quiet ep-btn--small" data-ep-copy="{}" hidden>'
        '{}<span data-ep-copy-label>{}</span><span class="visually-hidden"> {}</span></button></span>',
        value,
        value,
        icon("copier"),
        label,
        hidden or value,
    )


# Blocks -----------------------------------------------------------------------------------------------


@register.simple_block_tag
def ui_alert(
    content: SafeString, tone: str = "info", title: object = "", role: str = "", close: bool = False
) -> SafeString:
    """Draw an alert around its text; its kind is said in words. `role` alert or status announces it."""
    word, icon_name = ALERT_WORDS[tone]
    return draw(
        "alert", content=content, tone=tone, word=word, icon=icon_name, title=title, role=role, close=close
    )


@register.simple_tag
def ui_messages(messages: Any) -> SafeString:
    """Draw the messages of `django.contrib.messages`, each with a button that hides it."""
    parts = []
    for message in messages:
        tone = MESSAGE_TONES.get(message.level_tag, message.level_tag)
        word, icon_name = ALERT_WORDS.get(tone, ALERT_WORDS["info"])
        parts.append(
            draw(
                "alert",
                content=message.message,
                tone=tone if tone in ALERT_WORDS else "info",
                word=word,
                icon=icon_name,
                title="",
                role="alert" if tone == "danger" else "status",
                close=True,
            )
        )
    return SafeString("".join(parts))


@register.simple_block_tag
def ui_card(
    content: SafeString, title: object = "", level: int = 2, icon_name: str = "", css: str = "", id: str = ""
) -> SafeString:
    """Draw a card with an optional heading."""
    return draw("card", content=content, title=title, level=level, icon=icon_name, css=css, id=id)


@register.simple_tag
def ui_tile(
    label: object, count: object, url: str = "", tone: str = "neutral", icon_name: str = ""
) -> SafeString:
    """Draw a counter; the whole tile is one link when it has a `url`."""
    shown = text.shown_count(count) if isinstance(count, int) else count
    return draw("tile", label=label, count=shown, url=url, tone=tone, icon=icon_name)


@register.simple_block_tag
def ui_empty(content: SafeString, title: object, icon_name: str = "vide") -> SafeString:
    """Draw an empty state: a sentence, and what to do next as content."""
    return draw("empty", content=content, title=title, icon=icon_name)


@register.simple_block_tag
def ui_dialog(content: SafeString, id: str, title: object) -> SafeString:
    """Draw a native dialog; a button `data-ep-dialog="<id>"` opens it."""
    return draw("dialog", content=content, id=id, title=title)


@register.simple_block_tag
def ui_table(
    content: SafeString, caption: object, columns: Sequence[Column], show_caption: bool = False, id: str = ""
) -> SafeString:
    """Draw a table around its `<tr>` rows; the header comes from `columns`."""
    return draw(
        "table",
        content=content,
        caption=caption,
        head=_table_head(tuple(columns)),
        show_caption=show_caption,
        id=id,
    )


@register.simple_tag
def ui_rows(template: str, rows: Iterable[Any], **constants: str | bool) -> SafeString:
    """Draw `template` for each row of a long list, seen there as `ligne`; see `portal.ui.rows` for what it may do."""
    return draw_rows(template, rows, **constants)


@lru_cache(maxsize=256)
def _table_head(columns: tuple[Column | str, ...]) -> SafeString:
    return draw("table_head", headers=header_cells(columns))


@register.simple_tag
def ui_chart(chart: charts.Graphique | charts.Barres | None) -> SafeString:
    """Draw a chart, if there is one; the table it is drawn from stands beside it."""
    return charts.chart(chart) if chart else SafeString("")


@register.simple_block_tag
def ui_timeline(content: SafeString, label: object = "Chronologie") -> SafeString:
    """Draw a chronology around its `ui_timeline_item`."""
    return format_html('<ol class="ep-timeline" aria-label="{}">{}</ol>', label, content)


@register.simple_block_tag
def ui_timeline_item(
    content: SafeString,
    title: object,
    when: Any = None,
    author: object = "",
    icon_name: str = "",
    tone: str = "neutral",
    id: str = "",
) -> SafeString:
    """Draw one line of a chronology; its tone can be `note` (internal), `sent` or `received`."""
    # Without a template: a long chronology would spend most of its page in this one.
    return format_html(
        '<li class="ep-timeline__item ep-timeline__item--{}"{}><span class="ep-timeline__dot">{}</span>'
        '<div class="ep-timeline__body"><p class="ep-timeline__head">'
        '<span class="ep-timeline__title">{}</span> <span class="ep-timeline__meta">{}{}{}</span></p>'
        "{}</div></li>",
        tone,
        format_html(' id="{}"', id) if id else "",
        icon(icon_name) if icon_name else "",
        title,
        author,
        " · " if author and when else "",
        _moment(when) if when else "",
        content,
    )


def _moment(when: datetime) -> SafeString:
    local = localtime(when)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), text.moment(local))


# Lists and files --------------------------------------------------------------------------------------


@register.simple_tag
def ui_summary_list(
    rows: Sequence[tuple[object, object]], title: object = "", url: str = "", level: int = 2, hidden: str = ""
) -> SafeString:
    """Draw what was typed, from (label, value) pairs, with one « Modifier » link when there is a `url`."""
    return draw("summary_list", rows=rows, title=title, url=url, level=level, hidden=hidden)


@register.simple_tag
def ui_definitions(rows: Sequence[tuple[object, object]], css: str = "") -> SafeString:
    """Draw a list of (term, value) pairs."""
    return draw("definitions", rows=rows, css=css)


@register.simple_tag(takes_context=True)
def ui_file(
    context: Context,
    name: object,
    size: int | None = None,
    etat: str = "",
    etat_label: object = "",
    *,
    url: str = "",
    target: str = "",
    remove_url: str = "",
    message: object = "",
    kind: object = "",
    in_form: bool = False,
    state_url: str = "",
) -> SafeString:
    """Draw one file: name, size, state in words, link to read it, button to take it away.

    With `target` (a CSS selector) reading it changes that block alone: what is typed in the page stays.

    The button has a form of its own; `in_form` makes it a button of the form around it. While the file is
    analysed, `upload.js` asks `state_url` for what became of it.
    """
    tone, icon_name, default_label = FILE_STATES.get(etat, ("neutral", "", ""))
    return draw(
        "file",
        name=name,
        size=size,
        tone=tone,
        state_icon=icon_name,
        state=etat_label or default_label,
        url=url,
        target=target,
        remove_url=remove_url,
        message=message,
        kind=kind,
        in_form=in_form,
        state_url=state_url if etat == "EN_ANALYSE" else "",
        csrf_token=context.get("csrf_token", ""),
    )


@register.simple_block_tag(takes_context=True)
def ui_upload(
    context: Context,
    content: SafeString,
    url: str,
    *,
    id: str = "pieces",
    name: str = "fichiers",
    label: object = "Ajouter des fichiers",
    hint: object = "",
    accept: str = ".pdf,.jpg,.jpeg,.png,.heic",
    max_files: int = 20,
    error: object = "",
    multiple: bool = True,
) -> SafeString:
    """Draw a file input, its drop zone and the rows given; `upload.js` sends each file at once."""
    return draw(
        "upload",
        content=content,
        url=url,
        id=id,
        name=name,
        label=label,
        hint=hint,
        accept=accept,
        max_files=max_files,
        error=error,
        multiple=multiple,
    )
