"""Files made on the spot, and two structures that must not see each other's."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.enums import Profil
from tests import factories as f
from tests.fixtures.shelf import Shelf


def pdf_bytes(pages: int = 1) -> bytes:
    """A small PDF."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def pdf(name: str = "identite.pdf", pages: int = 1) -> SimpleUploadedFile:
    """The same, as a browser sends it."""
    return SimpleUploadedFile(name, pdf_bytes(pages), "application/pdf")


def photo(name: str = "photo.jpg") -> SimpleUploadedFile:
    """A photo with a place in its metadata."""
    out = BytesIO()
    exif = Image.Exif()
    exif[0x0110] = "Appareil secret"
    Image.effect_noise((900, 1200), 80).convert("RGB").save(out, "JPEG", exif=exif)
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


@pytest.fixture
def made_world(shelf: Shelf) -> Callable[[], dict[str, Any]]:
    """See tests/fixtures/shelf.py."""
    return shelf.made(build)


@pytest.fixture
def world(made_world: Callable[[], dict[str, Any]], db: None) -> dict[str, Any]:
    """Structure A of caisse X, structure B of caisse Y."""
    return made_world()


def build() -> dict[str, Any]:
    """Make it, as the system."""
    x, y = f.caisse("251"), f.caisse("422")
    a, b = f.partenaire(x), f.partenaire(y)
    f.convention(a, x)
    f.convention(b, y)
    return {
        "x": x,
        "y": y,
        "a": a,
        "b": b,
        "tech_a": f.membership(Profil.TECHNICIEN, a),
        "tech_b": f.membership(Profil.TECHNICIEN, b),
        "gest_a": f.membership(Profil.GESTIONNAIRE, a),
        "agent_x": f.membership(Profil.AGENT, x),
        "mas_x": f.membership(Profil.CONSEILLER_MAS, x),
        "agent_y": f.membership(Profil.AGENT, y),
        "admin_x": f.membership(Profil.ADMIN_CAISSE, x),
    }
