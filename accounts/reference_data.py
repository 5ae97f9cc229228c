"""The conditions of use, drawn from the convention d'utilisation: six commitments and the full text."""

from datetime import UTC, datetime
from pathlib import Path

from accounts.models import VersionCgu
from portal.reference_data import loader

DATA = Path(__file__).parent / "data"
NUMERO = "1.0"
PUBLIEE_LE = datetime(2026, 1, 1, tzinfo=UTC)
ENGAGEMENTS = (
    "J’utilise le portail pour mon travail seulement, depuis l’Europe, avec un équipement professionnel protégé "
    "par un antivirus.",
    "Mon identifiant, mon mot de passe et mon second facteur sont à moi seul\u00a0: je ne les communique à personne.",
    "J’informe la personne accompagnée et je recueille son accord avant d’envoyer une demande.",
    "Je n’écris jamais de numéro de sécurité sociale ni de donnée de santé dans les textes et les noms de fichiers.",
    "Je ne transmets que les informations et les documents nécessaires, lisibles et contrôlés par un antivirus.",
    "Je garde pour moi ce que je lis ici et je signale tout de suite une perte, un vol ou un doute.",
)


@loader("cgu")
def load_cgu() -> int:
    """Publish the version shipped with the code, unless it already is."""
    text = (DATA / f"cgu-{NUMERO}.txt").read_text(encoding="utf-8")
    _, created = VersionCgu.objects.get_or_create(
        numero=NUMERO,
        defaults={"publiee_le": PUBLIEE_LE, "resume": "\n".join(ENGAGEMENTS), "texte": text},
    )
    return int(created)
