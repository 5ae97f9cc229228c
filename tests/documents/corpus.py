"""Files to throw at the intake: honest ones, and those somebody could send by mistake or by malice."""

import functools
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable

import pikepdf
import pillow_heif
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageDraw, ImageFilter, ImageFont

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def pdf(change: Callable[[pikepdf.Pdf], None] | None = None, pages: int = 1, **save) -> bytes:
    """A PDF of blank pages, changed before it is written."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    if change:
        change(document)
    output = io.BytesIO()
    document.save(output, **save)
    return output.getvalue()


def action(kind: str, **entries) -> Dictionary:
    return Dictionary(S=Name("/" + kind), **entries)


def page_of_text(width: int = 1240, height: int = 1754, blur: float = 0) -> Image.Image:
    """A sheet of printed text."""
    image = Image.new("RGB", (width, height), (242, 238, 230))
    draw = ImageDraw.Draw(image)
    chance = random.Random(1)
    font = ImageFont.load_default(size=max(12, height // 90))
    for y in range(height // 20, int(height * 0.95), height // 55):
        line = "".join(chance.choice("abcdefghij klmnop qrstuv wxyz") for _ in range(60))
        draw.text((width // 12, y), line, fill=(30, 30, 40), font=font)
    return image.filter(ImageFilter.GaussianBlur(blur)) if blur else image


def encoded(image: Image.Image, kind: str = "JPEG", **save) -> bytes:
    output = io.BytesIO()
    if kind == "HEIC":
        pillow_heif.from_pillow(image).save(output, **save)
    else:
        image.save(output, kind, **save)
    return output.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """A PNG that announces a size and holds almost nothing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )


def archive(*names: str) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as zipped:
        for name in names:
            zipped.writestr(name, b"contenu")
    return output.getvalue()


def pdf_of_bombs(streams: int, size: int) -> bytes:
    """A PDF whose every object stream unfolds to a given size."""
    output = bytearray(b"%PDF-1.5\n")
    rows = [(0, 0, 65535)]

    def add(content: bytes) -> None:
        rows.append((1, len(output), 0))
        output.extend(b"%d 0 obj\n%b\nendobj\n" % (len(rows) - 1, content))

    add(b"<</Type/Catalog/Pages 2 0 R>>")
    add(b"<</Type/Pages/Kids[3 0 R]/Count 1>>")
    add(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<>>>>")
    first = len(rows)
    for rank in range(streams):
        head = b"%d 0 " % (first + streams + rank)
        body = zlib.compress(head + b"<<>>" + b" " * size, 9)
        entries = b"/Type/ObjStm/N 1/First %d/Filter/FlateDecode/Length %d" % (len(head), len(body))
        add(b"<<%b>>stream\n%b\nendstream" % (entries, body))
    rows += [(2, first + rank, 0) for rank in range(streams)]
    rows.append((1, len(output), 0))
    table = b"".join(struct.pack(">BIH", *row) for row in rows)
    output += (
        b"%d 0 obj\n<</Type/XRef/Size %d/Root 1 0 R/W[1 4 2]/Length %d>>stream\n%b\nendstream\nendobj\n"
        % (
            len(rows) - 1,
            len(rows),
            len(table),
            table,
        )
    )
    return bytes(output) + b"startxref\n%d\n%%%%EOF\n" % rows[-1][1]


def pdf_with_object_stream(objects: bytes, filters: bytes = b"/FlateDecode", encode=None) -> bytes:
    """A PDF whose catalogue opens object 5, which lies in a compressed object stream."""
    inflated = b"5 0 " + objects
    body = (encode or (lambda data: zlib.compress(data, 1)))(inflated)
    output = b"%PDF-1.5\n"
    places = {}
    for number, content in {
        1: b"<</Type/Catalog/Pages 2 0 R/OpenAction 5 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<>>>>",
        4: b"<</Type/ObjStm/N 1/First 4/Filter %b/Length %d>>stream\n%b\nendstream"
        % (filters, len(body), body),
    }.items():
        places[number] = len(output)
        output += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    places[6] = len(output)
    rows = struct.pack(">BIH", 0, 0, 65535)
    rows += b"".join(struct.pack(">BIH", 1, places[number], 0) for number in (1, 2, 3, 4))
    rows += struct.pack(">BIH", 2, 4, 0) + struct.pack(">BIH", 1, places[6], 0)
    return output + (
        b"6 0 obj\n<</Type/XRef/Size 7/Root 1 0 R/W[1 4 2]/Length %d>>stream\n%b\nendstream\nendobj\n"
        b"startxref\n%d\n%%%%EOF\n" % (len(rows), rows, places[6])
    )


def _open_action(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = action("JavaScript", JS=String("app.alert(1)"))


def _page_action(document: pikepdf.Pdf) -> None:
    document.pages[0].obj.AA = Dictionary(O=action("URI", URI=String("https://exemple.invalid")))


def _annotation(**entries) -> Callable[[pikepdf.Pdf], None]:
    def change(document: pikepdf.Pdf) -> None:
        annotation = Dictionary(Type=Name.Annot, Rect=Array([0, 0, 9, 9]), **entries)
        document.pages[0].obj.Annots = Array([document.make_indirect(annotation)])

    return change


def _embedded_file(document: pikepdf.Pdf) -> None:
    document.attachments["note.txt"] = b"contenu"


def _xfa(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=document.make_stream(b"<xdp/>"))


def _named_script(document: pikepdf.Pdf) -> None:
    names = Array([String("x"), action("JavaScript", JS=document.make_stream(b"app.alert(1)"))])
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=names))


def _deep(document: pikepdf.Pdf) -> None:
    inner = action("Launch", F=String("calc.exe"))
    for _ in range(100):
        inner = Dictionary(X=Array([inner]))
    document.Root.Hidden = inner


def _external_stream(document: pikepdf.Pdf) -> None:
    document.Root.Hidden = document.make_stream(b"", {"/F": String("\\\\serveur\\partage")})


def _many_objects(document: pikepdf.Pdf) -> None:
    document.Root.Hidden = Array([document.make_indirect(Dictionary(A=1)) for _ in range(100_001)])


@functools.cache
def refused() -> dict[str, tuple[str, bytes, str]]:
    """By what they are: file name, content, and the code of the refusal expected."""
    encryption = pikepdf.Encryption
    script = b"<</S/JavaScript/JS(app.alert(1))>>"
    photo = encoded(page_of_text(300, 400))
    picture = encoded(page_of_text(300, 400), "PNG")
    heic = encoded(page_of_text(320, 400), "HEIC")
    return {
        "nothing": ("a.pdf", b"", "vide"),
        "eleven megabytes": ("a.pdf", b"%PDF-1.7\n" + bytes(11 * 1024 * 1024), "trop_lourd"),
        "script at opening": ("a.pdf", pdf(_open_action), "contenu_actif"),
        "script in an object stream": (
            "a.pdf",
            pdf(_open_action, object_stream_mode=pikepdf.ObjectStreamMode.generate),
            "contenu_actif",
        ),
        "script in a hand-made object stream": ("a.pdf", pdf_with_object_stream(script), "contenu_actif"),
        "script with an escaped name": (
            "a.pdf",
            pdf_with_object_stream(b"<</#53/Java#53cript/J#53(app.alert(1))>>"),
            "contenu_actif",
        ),
        "object stream in two filters": (
            "a.pdf",
            pdf_with_object_stream(
                script,
                b"[/ASCIIHexDecode/FlateDecode]",
                lambda data: zlib.compress(data).hex().encode() + b">",
            ),
            "contenu_actif",
        ),
        "object stream that unfolds to 100 MB": (
            "a.pdf",
            pdf_with_object_stream(script + b" " * 100_000_000),
            "trop_complexe",
        ),
        "object streams that unfold to 90 MB together": (
            "a.pdf",
            pdf_of_bombs(18, 5_000_000),
            "trop_complexe",
        ),
        "object stream that unfolds to 20 MB": ("a.pdf", pdf_of_bombs(1, 20_000_000), "abime"),
        "a million items": (
            "a.pdf",
            pdf_with_object_stream(b"[" + b"0 " * 1_100_000 + b"]"),
            "trop_complexe",
        ),
        "a hundred tables and more": (
            "a.pdf",
            pdf().replace(b"\n", b"\n%" + b"/XRef" * 101 + b"\n", 1),
            "trop_complexe",
        ),
        "object stream with an unknown filter": (
            "a.pdf",
            pdf_with_object_stream(script, b"/JBIG2Decode"),
            "abime",
        ),
        "named script": ("a.pdf", pdf(_named_script), "contenu_actif"),
        "action of a page": ("a.pdf", pdf(_page_action), "contenu_actif"),
        "program to launch": (
            "a.pdf",
            pdf(_annotation(Subtype=Name.Link, A=action("Launch", F=String("calc.exe")))),
            "contenu_actif",
        ),
        "form to send": (
            "a.pdf",
            pdf(_annotation(Subtype=Name.Link, A=action("SubmitForm", F=String("https://exemple.invalid")))),
            "contenu_actif",
        ),
        "document of another machine": (
            "a.pdf",
            pdf(_annotation(Subtype=Name.Link, A=action("GoToR", F=String("\\\\serveur\\partage\\x.pdf")))),
            "contenu_actif",
        ),
        "hidden deep": ("a.pdf", pdf(_deep), "contenu_actif"),
        "rich media": ("a.pdf", pdf(_annotation(Subtype=Name.RichMedia)), "contenu_actif"),
        "dynamic form": ("a.pdf", pdf(_xfa), "contenu_actif"),
        "attached file": ("a.pdf", pdf(_embedded_file), "fichiers_joints"),
        "file in an annotation": ("a.pdf", pdf(_annotation(Subtype=Name.FileAttachment)), "fichiers_joints"),
        "stream kept elsewhere": ("a.pdf", pdf(_external_stream), "fichiers_joints"),
        "user password": ("a.pdf", pdf(encryption=encryption(user="secret", owner="secret")), "chiffre"),
        "owner password only": ("a.pdf", pdf(encryption=encryption(owner="secret")), "chiffre"),
        "201 pages": ("a.pdf", pdf(pages=201), "trop_de_pages"),
        "too many objects": ("a.pdf", pdf(_many_objects), "trop_complexe"),
        "cut short": ("a.pdf", pdf(pages=50)[:-400], "tronque"),
        "half of it": ("a.pdf", pdf(pages=50)[:2000], "tronque"),
        "header only": ("a.pdf", b"%PDF-1.7\n%%EOF\n", "abime"),
        "noise": ("a.pdf", b"%PDF-1.7\n" + random.Random(3).randbytes(5000) + b"\n%%EOF\n", "abime"),
        "damaged table and script in clear": (
            "a.pdf",
            pdf(_open_action).replace(b"startxref\n", b"startxref\n9"),
            "contenu_actif",
        ),
        "page of the web": ("a.pdf", b"<!doctype html><p>Bonjour</p>", "type"),
        "web page inside": (
            "a.pdf",
            pdf().replace(b"\n", b"\n%<script>alert(1)</script>\n", 1),
            "double_nature",
        ),
        "picture then PDF": ("a.pdf", b"GIF89a" + pdf(), "type"),
        "PDF then archive": ("a.pdf", pdf() + archive("a.txt"), "double_nature"),
        "archive": ("a.pdf", archive("a.txt"), "archive"),
        "archive, own name": ("a.zip", archive("a.txt"), "archive"),
        "Word": ("a.docx", archive("[Content_Types].xml", "word/document.xml"), "bureautique"),
        "LibreOffice": (
            "a.odt",
            archive("mimetype").replace(b"mimetypecontenu", b"mimetypeapplication/vnd.oasis"),
            "bureautique",
        ),
        "old Word": ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "bureautique"),
        "RAR": ("a.rar", b"Rar!\x1a\x07\x00" + bytes(60), "archive"),
        "text": ("a.txt", b"Bonjour", "type"),
        "virus of the tests": ("a.pdf", EICAR, "type"),
        "program": ("a.pdf", b"MZ" + bytes(600), "type"),
        "GIF": ("a.gif", encoded(page_of_text(90, 90), "GIF"), "type"),
        "WebP named as a photo": ("a.jpg", encoded(page_of_text(90, 90), "WEBP"), "type"),
        "SVG": ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "type"),
        "PDF named as a photo": ("a.jpg", pdf(), "extension"),
        "photo named as a PDF": ("a.pdf", photo, "extension"),
        "PDF named as a program": ("a.pdf.exe", pdf(), "extension"),
        "photo cut short": ("a.jpg", photo[: len(photo) // 2], "tronque"),
        "photo, header only": ("a.jpg", photo[:20], "abime"),
        "picture cut short": ("a.png", picture[: len(picture) // 2], "tronque"),
        "picture with a wrong sum": ("a.png", picture[:60] + b"\x00\x00\x00\x00" + picture[64:], "abime"),
        "HEIC cut short": ("a.heic", heic[: len(heic) * 2 // 3], "tronque"),
        "30,000 by 30,000 pixels": ("a.png", png_claiming(30_000, 30_000), "trop_de_pixels"),
        "one line of 60,000 pixels": ("a.png", png_claiming(60_000, 1), "trop_de_pixels"),
        "no pixel": ("a.png", png_claiming(0, 10), "abime"),
        "photo then archive": ("a.jpg", photo + archive("a.txt"), "double_nature"),
        "photo with a PDF in its first bytes": (
            "a.jpg",
            encoded(page_of_text(90, 90), comment=pdf()),
            "double_nature",
        ),
    }


def _link(document: pikepdf.Pdf) -> None:
    _annotation(Subtype=Name.Link, A=action("URI", URI=String("https://exemple.invalid")))(document)


def _named_resources(document: pikepdf.Pdf) -> None:
    """Resources whose names look like forbidden keys: names are free."""
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    document.pages[0].obj.Resources = Dictionary(Font=Dictionary(AA=font, JS=font, F=font))


def _bookmark(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = Array([document.pages[0].obj, Name.Fit])


@functools.cache
def accepted() -> dict[str, tuple[str, bytes, tuple]]:
    """By what they are: file name, content, and (kind, pages, width, height)."""
    photo = page_of_text(300, 400)
    return {
        "blank page": ("a.pdf", pdf(), ("PDF", 1, 0, 0)),
        "200 pages": ("a.PDF", pdf(pages=200), ("PDF", 200, 0, 0)),
        "compressed": (
            "a.pdf",
            pdf(pages=3, object_stream_mode=pikepdf.ObjectStreamMode.generate),
            ("PDF", 3, 0, 0),
        ),
        "linearised": ("a.pdf", pdf(pages=3, linearize=True), ("PDF", 3, 0, 0)),
        "no extension": ("numérisation", pdf(), ("PDF", 1, 0, 0)),
        "link": ("a.pdf", pdf(_link), ("PDF", 1, 0, 0)),
        "opens on its first page": ("a.pdf", pdf(_bookmark), ("PDF", 1, 0, 0)),
        "free names": ("a.pdf", pdf(_named_resources), ("PDF", 1, 0, 0)),
        "harmless object stream": ("a.pdf", pdf_with_object_stream(b"[3 0 R /Fit]"), ("PDF", 1, 0, 0)),
        "damaged table": ("a.pdf", pdf().replace(b"startxref\n", b"startxref\n9"), ("PDF", 1, 0, 0)),
        "blank lines after the end": ("a.pdf", pdf() + b"\r\n\r\n\x00\x00", ("PDF", 1, 0, 0)),
        "photo": ("a.jpg", encoded(photo), ("JPEG", 1, 300, 400)),
        "progressive photo": ("a.JPEG", encoded(photo, progressive=True), ("JPEG", 1, 300, 400)),
        "grey photo": ("a.jpg", encoded(photo.convert("L")), ("JPEG", 1, 300, 400)),
        "CMYK photo": ("a.jpg", encoded(photo.convert("CMYK")), ("JPEG", 1, 300, 400)),
        "picture": ("a.png", encoded(photo, "PNG"), ("PNG", 1, 300, 400)),
        "picture named as a photo": ("a.jpg", encoded(photo, "PNG"), ("PNG", 1, 300, 400)),
        "transparent picture": ("a.png", encoded(photo.convert("RGBA"), "PNG"), ("PNG", 1, 300, 400)),
        "picture with a palette": ("a.png", encoded(photo.convert("P"), "PNG"), ("PNG", 1, 300, 400)),
        "16-bit picture": ("a.png", encoded(Image.new("I;16", (30, 40), 40_000), "PNG"), ("PNG", 1, 30, 40)),
        "one-bit picture": ("a.png", encoded(photo.convert("1"), "PNG"), ("PNG", 1, 300, 400)),
        "HEIC": ("a.heic", encoded(page_of_text(320, 400), "HEIC"), ("HEIC", 1, 320, 400)),
    }
