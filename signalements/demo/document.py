"""A small, real PDF for the demonstration's pièces."""


def pdf(title: str) -> bytes:
    """One A4 page that says what it stands for."""
    lines = ["Document de démonstration", title, "Personne fictive\u00a0: aucune donnée réelle."]
    text = "".join(
        f"BT /F1 {size} Tf 72 {760 - 40 * rank} Td <{line.encode('cp1252').hex()}> Tj ET\n"
        for rank, (line, size) in enumerate(zip(lines, (20, 16, 11), strict=True))
    )
    objects = [
        "<< /Type /Catalog /Pages 2 0 R /Lang (fr) >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R "
        "/Resources << /Font << /F1 4 0 R >> >> >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"<< /Length {len(text)} >>\nstream\n{text}endstream",
    ]
    body = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n".encode("cp1252")
    start = len(body)
    body += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    body += "".join(f"{place:010d} 00000 n \n" for place in places).encode()
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return body + trailer.encode()
