"""Files are looked into before anything is kept of them."""

import io
import resource
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.intake import Refusal, RefusedFile, inspect
from documents.intake.refusals import SENTENCES
from tests.documents import corpus

REFUSED = corpus.refused()
ACCEPTED = corpus.accepted()


class Upload(io.BytesIO):
    """A file as a form hands it over."""

    def __init__(self, content: bytes, name: str) -> None:
        super().__init__(content)
        self.name = name


@pytest.mark.parametrize("sample", REFUSED)
def test_refused_with_one_clear_sentence(sample):
    name, content, code = REFUSED[sample]
    file = Upload(content, name)
    with pytest.raises(RefusedFile) as caught:
        inspect(file)
    assert caught.value.code == code
    assert caught.value.message == SENTENCES[caught.value.refusal].format(megabytes=10)
    assert not file.closed
    assert file.tell() == 0


@pytest.mark.parametrize("sample", ACCEPTED)
def test_accepted(sample):
    name, content, expected = ACCEPTED[sample]
    file = Upload(content, name)
    seen = inspect(file)
    assert (seen.kind.value, seen.pages, seen.width, seen.height) == expected
    assert seen.size == len(content)
    assert file.tell() == 0


def test_the_type_stored_is_ours():
    assert inspect(io.BytesIO(corpus.pdf())).mime_type == "application/pdf"


def test_every_refusal_has_a_sentence_that_says_what_to_do_and_a_sample():
    assert set(SENTENCES) == set(Refusal)
    assert {code for _, _, code in REFUSED.values()} == {refusal.value for refusal in Refusal}
    for sentence in SENTENCES.values():
        assert sentence.endswith(".")
        assert sentence.count(". ") >= 1 or ", " in sentence


def test_hostile_files_cost_little_memory():
    names = ["object stream that unfolds to 100 MB", "30,000 by 30,000 pixels", "too many objects"]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name in names:
        with pytest.raises(RefusedFile):
            inspect(io.BytesIO(REFUSED[name][1]))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000


SEEDS = [content for _, content, _ in ACCEPTED.values()]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SEEDS), st.data())
def test_any_damage_gives_an_answer_and_never_another_error(content, data):
    damaged = bytearray(content)
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(damaged) - 1))
        change = data.draw(st.sampled_from(["flip", "cut", "zero", "repeat"]))
        if change == "flip":
            damaged[place] ^= data.draw(st.integers(1, 255))
        elif change == "cut":
            del damaged[place : place + data.draw(st.integers(1, 200))]
        elif change == "zero":
            damaged[place : place + 16] = bytes(len(damaged[place : place + 16]))
        else:
            damaged[place:place] = damaged[place : place + 64]
        if not damaged:
            break
    try:
        inspect(io.BytesIO(bytes(damaged)))
    except RefusedFile:
        pass


@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"%PDF-1.7\n", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"\0\0\0\x18ftypheic"]),
)
def test_any_bytes_give_an_answer(content, head):
    try:
        inspect(io.BytesIO(head + content))
    except RefusedFile:
        pass


def test_a_valid_stream_of_noise_is_no_photo():
    with pytest.raises(RefusedFile):
        inspect(io.BytesIO(zlib.compress(bytes(100))))
