"""The PDFs the portal produces."""

import io
import socket

import pikepdf
import pytest
from django.template import engines

from portal import pdf


@pytest.fixture
def template(monkeypatch):
    """Give render_pdf a template made on the spot."""

    def use(html):
        source = engines["django"].from_string(html)
        monkeypatch.setattr(pdf, "render_to_string", lambda name, context: source.render(context))

    return use


def test_it_is_tagged_in_french_and_titled(template):
    template('<html lang="fr"><head><title>Essai</title></head><body><h1>Bonjour été</h1></body></html>')
    document = pikepdf.open(io.BytesIO(pdf.render_pdf("x", {})))
    assert str(document.Root.Lang) == "fr"
    assert bool(document.Root.MarkInfo.Marked)
    assert document.open_metadata()["pdfuaid:part"] == "1"


def test_no_address_is_fetched(template, monkeypatch):
    asked = []
    monkeypatch.setattr(socket.socket, "connect", lambda self, address: asked.append(address))
    template(
        '<html lang="fr"><head><title>x</title><link rel="stylesheet" href="http://127.0.0.1:9/a.css"></head>'
        '<body><img src="http://127.0.0.1:9/b.png" alt="x"><img src="file:///etc/hostname" alt="y"></body></html>'
    )
    assert pdf.render_pdf("x", {}).startswith(b"%PDF-")
    assert asked == []
