"""The guard of free texts: what it sees, what it lets through, in Python and in the browser's script."""

import itertools
import json
import random
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright._impl._driver import compute_driver_executable

from portal.free_text import CONFIRMED, MESSAGES, SEVERITIES, Kind, Severity, check_filename, check_text
from portal.lexicons import LISTS, folded_phrases, read_list
from portal.lexicons.__main__ import SCRIPT, with_data
from portal.nir import contains_nir, key_of

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "free_text.json").read_text(encoding="utf-8"))
NODE = compute_driver_executable()[0]  # the node that playwright ships: nothing to install

SEPARATORS = ["", " ", ".", "-", "/", "\u00a0", "\u202f", "_", " - ", "\n", "\u200b", ", ", "·"]


def nir(chance: random.Random) -> str:
    """A made-up number with its key, written together."""
    department = chance.choice([f"{chance.randint(1, 99):02d}", "2A", "2B"])
    month = chance.choice([*range(1, 13), *range(30, 43), *range(50, 100)])
    number = (
        f"{chance.choice('123478')}{chance.randint(0, 99):02d}{month:02d}{department}"
        f"{chance.randint(1, 999):03d}{chance.randint(1, 999):03d}"
    )
    return f"{number}{key_of(number.lower()):02d}"


def written(number: str, separator: str) -> str:
    cuts = (0, 1, 3, 5, 7, 10, 13, 15)
    return separator.join(number[start:end] for start, end in itertools.pairwise(cuts))


def summary(text: str) -> list[dict]:
    return [{"kind": f.kind.value, "start": f.start, "end": f.end} for f in check_text(text)]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["about"])
def test_vectors(vector):
    assert summary(vector["text"]) == vector["findings"]


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("2530725073004", 75),
        ("253072a073004", 43),
        ("253072b073004", 70),
        ("1850578006048", 30),
        ("7020399123456", 56),
        ("8010299351002", 55),
    ],
)
def test_keys_of_the_trade(number, key):
    assert key_of(number) == key
    assert contains_nir(f"{number}{key:02d}".upper())


@given(st.randoms(use_true_random=False), st.sampled_from(SEPARATORS), st.text("abc xyz,.\n", max_size=20))
def test_every_number_is_refused_however_it_is_written(chance, separator, around):
    number = written(nir(chance), separator)
    text = f"{around}: {number} {around}"
    start = text.index(number)
    (finding,) = [f for f in check_text(text) if f.kind == Kind.NIR]
    assert (finding.severity, text[finding.start : finding.end]) == (Severity.BLOCK, number)
    assert finding.start == start


@given(st.randoms(use_true_random=False), st.sampled_from(SEPARATORS))
def test_a_number_with_a_wrong_key_or_none_is_never_refused(chance, separator):
    right = nir(chance)
    wrong = f"{right[:13]}{int(right[13:]) % 97 + 1:02d}"
    for text in (written(wrong, separator), written(right, separator)[: -2 - len(separator)]):
        assert all(finding.severity != Severity.BLOCK for finding in check_text(text))


@given(st.text(max_size=400))
def test_any_text_gives_ordered_findings_inside_it_and_never_its_words(text):
    findings = check_text(text)
    assert [f.start for f in findings] == sorted(f.start for f in findings)
    for finding in findings:
        assert 0 <= finding.start < finding.end <= len(text)
        assert finding.severity == SEVERITIES[finding.kind]


@pytest.mark.parametrize(
    "shape", ["0# ## ## ## ##", "### ### ### #####", "#### #### #### ####", "EP-251-#####-##", "##/##/20##"]
)
def test_other_numbers_of_the_trade_are_not_refused(shape):
    chance = random.Random(251)
    for _ in range(2000):
        text = "".join(chance.choice("0123456789") if character == "#" else character for character in shape)
        assert all(finding.kind != Kind.NIR for finding in check_text(text))


def test_no_finding_carries_the_text():
    text = (
        "Le 1 85 05 78 006 048 30 de Mme Zyxwv, cancer du poumon, FR76 3000 6000 0112 3456 7890 189, connard"
    )
    findings = check_text(text)
    assert {finding.kind for finding in findings} == {Kind.NIR, Kind.SANTE, Kind.IBAN, Kind.INSULTE}
    for finding in findings:
        assert text[finding.start : finding.end].lower() not in finding.message.lower()


def test_health_words_are_named_by_family():
    (finding,) = check_text("Elle est enceinte")
    assert finding.message == (
        "Ce texte semble contenir une donnée de santé (grossesse). "
        "Retirez-la, ou confirmez que ce n’en est pas une."
    )


def test_the_sentence_of_a_number():
    (finding,) = check_text("185057800604830")
    assert finding.message == "Ce texte semble contenir un numéro de sécurité sociale. Retirez-le."


def test_every_kind_has_its_sentence_and_its_severity():
    assert set(MESSAGES) == set(SEVERITIES) == set(Kind)
    assert set(CONFIRMED) == {kind for kind, severity in SEVERITIES.items() if severity == Severity.WARN}


@pytest.mark.parametrize(
    "probe",
    [
        "1 " * 50_000,
        "1" * 100_000,
        "fr76" * 25_000,
        "2a" * 50_000,
        "+33 " * 25_000,
        "(0)" * 33_000,
        "con " * 25_000,
    ],
    ids=lambda probe: probe[:4],
)
def test_hostile_texts_come_to_an_end(probe):
    check_text(probe[:20_000])


@pytest.mark.parametrize(
    "name", ["185057800604830.pdf", "scan_1 85 05 78 006 048 30 (2).jpg", "CNI-253072A07300443.PDF"]
)
def test_a_file_name_holds_no_number(name):
    (finding,) = check_filename(name)
    assert (finding.kind, finding.severity) == (Kind.NIR, Severity.BLOCK)


@pytest.mark.parametrize(
    "name", ["IMG_20250512_143000.jpg", "1699999999999.jpg", "1850578006048.pdf", "avis d'impôt 2024.pdf", ""]
)
def test_ordinary_file_names_pass(name):
    assert check_filename(name) == []


# --- word lists


@pytest.mark.parametrize("name", LISTS)
def test_the_lists_hold_no_phrase_twice(name):
    entries = [entry for family in read_list(name).values() for entry in family]
    assert entries
    assert len(entries) == len(set(entries))


def test_every_phrase_of_a_list_is_found_and_every_allowed_one_is_not():
    for name in LISTS:
        for family, entries in read_list(name).items():
            for entry in entries:
                text = f"Bonjour, {entry.removesuffix('*')}."
                kinds = {finding.kind for finding in check_text(text)}
                expected = {"autorises": set(), "propos": {Kind.INSULTE}}.get(name, {Kind.SANTE})
                assert kinds == expected, (name, family, entry)


def test_a_prefix_is_long_enough_to_be_indexed():
    assert all(len(phrase.words[0]) > 3 for phrase in folded_phrases() if phrase.words[0].endswith("*"))


# --- the browser's script


def run_script(tmp_path: Path, texts: list[str]) -> list[list[dict]]:
    module = tmp_path / "guard.mjs"
    module.write_text(SCRIPT.read_text(encoding="utf-8"), encoding="utf-8")
    program = (
        f"import {{ checkText }} from {json.dumps(module.as_uri())};"
        "let input = ''; for await (const part of process.stdin) input += part;"
        "console.log(JSON.stringify(JSON.parse(input).map(checkText)));"
    )
    done = subprocess.run(
        [NODE, "--input-type=module", "-e", program],
        input=json.dumps(texts),
        capture_output=True,
        check=True,
        encoding="utf-8",
        timeout=120,
    )
    return json.loads(done.stdout)


def test_the_script_carries_the_lists_and_sentences_of_the_server():
    script = SCRIPT.read_text(encoding="utf-8")
    assert with_data(script) == script, "run: python -m portal.lexicons"


def test_the_script_says_what_the_server_says(tmp_path):
    chance = random.Random(422)
    pieces = [
        *(vector["text"] for vector in VECTORS),
        *(phrase.words[0].rstrip("*") for phrase in folded_phrases()),
        *(f" {separator}" for separator in SEPARATORS),
        *(
            "é",
            "İ",
            "ﬁ",
            "①",
            "½",
            "🙂",
            "à 2 a 07",
            " clé ",
            "2b",
            "+33",
            "FR76",
            "\u0301",
            "٣",
            "𝟗",
            "x",
            "8",
            "17",
        ),
    ]
    texts = [vector["text"] for vector in VECTORS]
    texts += ["".join(chance.choices(pieces, k=chance.randint(1, 12))) for _ in range(1500)]
    texts += [written(nir(chance), chance.choice(SEPARATORS)) for _ in range(300)]
    for text, said in zip(texts, run_script(tmp_path, texts), strict=True):
        expected = [
            {
                "kind": f.kind.value,
                "severity": f.severity.value,
                "message": f.message,
                "start": f.start,
                "end": f.end,
            }
            for f in check_text(text)
        ]
        assert said == expected, text
