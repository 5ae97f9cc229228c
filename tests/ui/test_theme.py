"""The colours of the theme keep their contrast, in light and in dark, for every accent."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from portal.ui.brand import ACCENTS, current_brand

CSS = (Path(settings.BASE_DIR) / "static/css/theme.css").read_text(encoding="utf-8")
TEXT, INTERFACE = 4.5, 3.0


def tokens(selector: str, accent: str) -> dict[str, str]:
    """The colours that `selector` and its accent set."""
    found: dict[str, str] = {}
    for rule in (re.escape(selector), re.escape(f'{selector}[data-accent="{accent}"]')):
        body = re.search(rf"{rule} \{{(.*?)\}}", CSS, re.S)
        assert body, rule
        found |= dict(re.findall(r"--ep-([a-z0-9-]+): (#[0-9a-f]{6})", body.group(1)))
    return found


LIGHT, DARK = ":root", ':root[data-bs-theme="dark"]'
PALETTES = {
    (name, accent): tokens(css, accent)
    for name, css in (("light", LIGHT), ("dark", DARK))
    for accent in ACCENTS
}


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio of two colours."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


SURFACES = ("bg", "surface", "surface-2", "raised")
TEXTS = [
    (ink, paper)
    for paper in SURFACES
    for ink in ("text", "muted", "accent", "accent-strong", "danger", "success")
]
TEXTS += [(tone, f"{tone}-bg") for tone in ("neutral", "info", "warning", "danger", "success", "accent")]
TEXTS += [("text", f"{tone}-bg") for tone in ("neutral", "info", "warning", "danger", "success", "accent")]
TEXTS += [("accent-on", "accent"), ("accent-on", "accent-strong"), ("danger-on", "danger-full")]
EDGES = [("control", paper) for paper in (*SURFACES, "neutral-bg")]
EDGES += [("focus", paper) for paper in (*SURFACES, "accent-bg", "danger-bg", "warning-bg", "info-bg")]
EDGES += [(f"{tone}-line", "bg") for tone in ("info", "warning", "danger", "success")]
EDGES += [("danger", "bg"), ("accent", "surface")]


@pytest.mark.parametrize("palette", PALETTES, ids="-".join)
def test_text_is_readable(palette):
    colours = PALETTES[palette]
    weak = {(ink, paper): round(contrast(colours[ink], colours[paper]), 2) for ink, paper in TEXTS}

    assert {pair: ratio for pair, ratio in weak.items() if ratio < TEXT} == {}


@pytest.mark.parametrize("palette", PALETTES, ids="-".join)
def test_edges_of_controls_and_focus_are_visible(palette):
    colours = PALETTES[palette]
    weak = {(edge, paper): round(contrast(colours[edge], colours[paper]), 2) for edge, paper in EDGES}

    assert {pair: ratio for pair, ratio in weak.items() if ratio < INTERFACE} == {}


@pytest.mark.parametrize("accent", ACCENTS)
def test_dark_device_and_dark_choice_look_the_same(accent):
    assert tokens(':root:not([data-bs-theme="light"])', accent) == tokens(DARK, accent)


def test_focus_is_never_removed_without_another():
    for rule in re.findall(r"[^{}]*\{[^{}]*outline: (?:0|none)[^{}]*\}", CSS):
        assert ":not(:focus-visible)" in rule or "main:focus" in rule, rule


def test_motion_contrast_and_print_preferences_are_honoured():
    for feature in ("prefers-reduced-motion", "forced-colors", "prefers-contrast", "@media print"):
        assert feature in CSS


def test_unknown_accent_is_refused(settings):
    settings.BRAND = {"name": "Portail", "accent": "bleu"}

    with pytest.raises(ImproperlyConfigured):
        current_brand()


def test_brand_comes_from_the_settings(settings):
    settings.BRAND = {"name": "Portail d’essai", "accent": "prune"}

    assert (current_brand().name, current_brand().logo) == ("Portail d’essai", "img/logo.svg")


def test_a_group_without_an_answer_does_not_look_answered():
    """Radios of a group where none is chosen are `:indeterminate` too: only a checkbox may be filled for it."""
    rules = re.findall(r"[^{},]*:indeterminate", CSS)
    assert rules
    assert all('[type="checkbox"]' in rule for rule in rules)
