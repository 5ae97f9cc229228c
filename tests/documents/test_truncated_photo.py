"""A photo cut short is refused in a process that has made PDF documents too."""

import importlib
import io

import pytest
from PIL import Image

from documents.intake.images import Kind, check_image
from documents.intake.refusals import Refusal, RefusedFile


@pytest.mark.parametrize("kind", [Kind.JPEG, Kind.PNG])
def test_half_a_photo_is_refused_once_the_pdf_engine_is_loaded(kind: Kind) -> None:
    importlib.import_module("weasyprint")
    whole = io.BytesIO()
    Image.effect_noise((200, 200), 60).save(whole, kind.value)
    half = io.BytesIO(whole.getvalue()[: len(whole.getvalue()) // 2])
    with pytest.raises(RefusedFile) as refusal:
        check_image(half, kind)
    assert refusal.value.refusal in {Refusal.TRUNCATED, Refusal.DAMAGED}
