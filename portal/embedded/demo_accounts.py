"""What `make run` prints about the demonstration accounts; the accounts themselves are loaded by `load_demo`."""

PASSWORD = "Cerisier-Lanterne-47-Orage"  # noqa: S105 - public: exists only under DEMO=1
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105

ACCOUNTS = (
    ("tech.valbrume, tech2.valbrume, gest.valbrume", "CCAS de Valbrume (251 et 422)"),
    ("tech.rocheclaire, gest.rocheclaire", "CCAS de Roche-Claire (251)"),
    ("tech.pontreval, gest.pontreval", "CCAS de Pontreval (422)"),
    ("tech.udaf, gest.udaf", "UDAF des Trois-Vallées (251)"),
    ("agent.251, mas.251, sup.251, admin.251", "CPAM du Doubs"),
    ("agent.422, admin.422", "CPAM de la Loire"),
    ("national", "administration nationale"),
)


def lines() -> list[str]:
    """The accounts, their password and their second factor, one line each."""
    width = max(len(names) for names, _ in ACCOUNTS)
    return [
        f"Comptes de démonstration, mot de passe « {PASSWORD} » :",
        *(f"  {names:<{width}}  {place}" for names, place in ACCOUNTS),
        f"Second facteur : clé {TOTP_SECRET} (la page de connexion donne le code du moment).",
    ]
