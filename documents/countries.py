"""The countries a form of the catalogue offers: France, those of the European card, and the rest as one."""

EUROPE = (
    ("DE", "Allemagne"), ("AT", "Autriche"), ("BE", "Belgique"), ("BG", "Bulgarie"), ("CY", "Chypre"),
    ("HR", "Croatie"), ("DK", "Danemark"), ("ES", "Espagne"), ("EE", "Estonie"), ("FI", "Finlande"),
    ("GR", "Grèce"), ("HU", "Hongrie"), ("IE", "Irlande"), ("IS", "Islande"), ("IT", "Italie"),
    ("LV", "Lettonie"), ("LI", "Liechtenstein"), ("LT", "Lituanie"), ("LU", "Luxembourg"), ("MT", "Malte"),
    ("NO", "Norvège"), ("NL", "Pays-Bas"), ("PL", "Pologne"), ("PT", "Portugal"), ("CZ", "République tchèque"),
    ("RO", "Roumanie"), ("GB", "Royaume-Uni"), ("SK", "Slovaquie"), ("SI", "Slovénie"), ("SE", "Suède"),
    ("CH", "Suisse"),
)  # fmt: skip
PAYS = (("FR", "France"), *EUROPE, ("AUTRE", "Un autre pays"))
