"""The reference of a demande: drawn at random, hard to mistype."""

import itertools
import random
import re

import pytest
from django.urls import Resolver404, path, register_converter
from django.urls.resolvers import RegexPattern, URLResolver
from hypothesis import given
from hypothesis import strategies as st

from portal.converters import ReferenceConverter
from portal.reference import ALPHABET, REFERENCE_PATTERN, new_reference, normalise_reference

CODES = st.from_regex(r"[0-9]{3}", fullmatch=True)


def test_a_new_reference_names_the_caisse_and_reads_back():
    reference = new_reference("251")
    assert re.fullmatch(REFERENCE_PATTERN, reference)
    assert reference.startswith("EP-251-")
    assert normalise_reference(reference) == reference


def test_references_differ():
    assert len({new_reference("422") for _ in range(500)}) == 500


@pytest.mark.parametrize("code", ["", "25", "2511", "2A1", "٢٥١", "251\n"])
def test_a_caisse_code_is_three_digits(code):
    with pytest.raises(ValueError, match="three digits"):
        new_reference(code)


@given(CODES)
def test_every_wrong_character_is_detected(code):
    reference = new_reference(code)
    for position, character in enumerate(reference):
        alphabet = ALPHABET if 7 <= position < 12 else "0123456789"
        if character == "-" or position < 3:
            continue
        for other in alphabet:
            if other != character:
                assert normalise_reference(reference[:position] + other + reference[position + 1 :]) is None


@given(CODES)
def test_every_swap_is_detected_wherever_the_two_characters_are(code):
    reference = new_reference(code)
    positions = [
        position for position, character in enumerate(reference) if position > 2 and character != "-"
    ]
    for first, second in itertools.combinations(positions, 2):
        swapped = list(reference)
        swapped[first], swapped[second] = swapped[second], swapped[first]
        if "".join(swapped) != reference:
            assert normalise_reference("".join(swapped)) is None


@given(CODES, st.randoms(use_true_random=False))
def test_what_a_person_types_is_understood(code, chance: random.Random):
    reference = new_reference(code)
    dash = chance.choice(["-", "", " ", "–", " - ", "\u2011", "\u00a0", "−", "."])
    typed = reference.replace("-", dash)
    typed = typed.replace("0", chance.choice(["0", "O", "o", "０"])).replace("1", chance.choice("1IilL"))
    typed = chance.choice([typed, typed.lower(), typed.removeprefix("EP"), f"  {typed}\t"])
    assert normalise_reference(typed) == reference


@given(st.text(max_size=80))
def test_any_other_text_gives_nothing_or_a_true_reference(text):
    found = normalise_reference(text)
    assert found is None or normalise_reference(found) == found


@pytest.mark.parametrize(
    "text", ["", "EP", "EP-251-7K3U2-42", "E" * 10_000, "EP-251-7K3M2", "EP-251-7K3M2-4٢"]
)
def test_what_cannot_be_a_reference(text):
    assert normalise_reference(text) is None


def test_an_address_takes_a_canonical_reference_only():
    register_converter(ReferenceConverter, "reference_test")
    resolver = URLResolver(
        RegexPattern(r"^/"), [path("demandes/<reference_test:reference>/", lambda request: None)]
    )
    reference = new_reference("251")
    assert resolver.resolve(f"/demandes/{reference}/").kwargs == {"reference": reference}
    wrong = reference[:-2] + f"{(int(reference[-2:]) + 1) % 97:02d}"
    for refused in (wrong, reference.lower(), reference.replace("-", "")):
        with pytest.raises(Resolver404):
            resolver.resolve(f"/demandes/{refused}/")
