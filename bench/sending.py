"""Sending a saisine with a 200 KB PDF: the file's request, then the sending itself."""

import secrets
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO

import pikepdf
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.memberships import Membership, membership_of
from accounts.models import Utilisateur
from bench.measure import Answer, Browser, Figures, measure
from caisses.enums import Fonction
from caisses.models import TypePiece
from portal import clock
from portal.tenancy import scope
from portal.ui.dates import TroisChampsWidget
from signalements.enums import Etape
from signalements.models import Demande
from signalements.operations.drafts import create_draft, save_draft

SIZE = 200_000


def two_hundred_kilobytes() -> bytes:
    """A PDF of that size: one page with an incompressible picture's worth of bytes."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(595, 842))
    document.Root.Filler = document.make_stream(secrets.token_bytes(SIZE - 1500))
    out = BytesIO()
    document.save(out, compress_streams=False)
    return out.getvalue()


def parts(name: str, day: int, month: int, year: int) -> dict[str, list[str]]:
    """A date as the three fields post it."""
    names = [f"{name}{suffix}" for suffix in TroisChampsWidget().widgets_names]
    return dict(zip(names, ([str(day)], [str(month)], [str(year)]), strict=True))


def steps() -> dict[str, dict[str, list[str]]]:
    """A complete saisine, as a technicien types it."""
    agreed = clock.today() - timedelta(days=1)
    return {
        Etape.PERSONNE: {
            "civilite": ["MME"],
            "nom_naissance": [
                f"Banc{secrets.token_hex(4).translate(str.maketrans('0123456789', 'ghijklmnop'))}"
            ],
            "prenom": ["Jeanne"],
            "departement": ["25"],
            **parts("naissance", 12, 3, 1984),
        },
        Etape.SITUATION: {
            "difficultes": ["DROITS_BASE"],
            "droits_base": ["NON"],
            "complementaire": ["AUCUNE"],
            "medecin_traitant": ["INCONNU"],
            "canal_prefere": ["TELEPHONE"],
            "telephone": ["06 39 98 12 34"],
            "information_donnee": ["on"],
            "accord_recueilli": ["on"],
            "accord_mode": ["PRESENCE"],
            **parts("accord_le", agreed.day, agreed.month, agreed.year),
        },
    }


class SendingRun:
    """Drafts made beforehand, one for each sending measured."""

    def __init__(self, user: Utilisateur, browser: Browser, rounds: int) -> None:
        self.browser, self.rounds = browser, rounds
        self.token = secrets.token_hex(16)
        browser.cookies[settings.CSRF_COOKIE_NAME] = self.token
        membership = membership_of(user)
        if membership is None or membership.partenaire is None:
            raise RuntimeError("the account has no structure")
        self.membership: Membership = membership
        self.pdf = two_hundred_kilobytes()
        with scope("partenaire", membership.partenaire_id), transaction.atomic():
            kinds = TypePiece.objects.filter(fonctions__contains=[Fonction.SAISINE])
            self.place = f"type-{kinds.values_list('code', flat=True)[0]}"
            self.drafts = [self._draft() for _ in range(rounds + 4)]
        self._uploads: Iterator[Demande] = iter(self.drafts)
        self._sendings: Iterator[Demande] = iter(self.drafts)

    def _draft(self) -> Demande:
        caisse_id = self.membership.caisses_ouvertes[0]
        demande = create_draft(
            membership=self.membership, caisse_id=caisse_id, fonction=Fonction.SAISINE, cle=uuid.uuid4()
        )
        for etape, saisie in steps().items():
            save_draft(membership=self.membership, reference=demande.reference, etape=etape, saisie=saisie)
        return demande

    def measure(self, yardstick: Callable[[], Answer]) -> Iterator[Figures]:
        """The file's request, then the sending."""
        yield measure("pièce de 200 Ko", self._upload, yardstick, goal=6, rounds=self.rounds, expected=201)
        yield measure("envoi de la saisine", self._send, yardstick, goal=6, rounds=self.rounds, expected=302)

    def _upload(self, count: bool) -> Answer:
        path = reverse("signalements:piece_ajouter", args=[next(self._uploads).reference, self.place])
        edge = secrets.token_hex(8)
        head = (
            f'--{edge}\r\nContent-Disposition: form-data; name="fichier"; filename="identite.pdf"\r\n'
            "Content-Type: application/pdf\r\n\r\n"
        )
        body = head.encode() + self.pdf + f"\r\n--{edge}--\r\n".encode()
        return self.browser.ask(
            "POST", path, body, self._headers(f"multipart/form-data; boundary={edge}"), count=count
        )

    def _send(self, count: bool) -> Answer:
        demande = next(self._sendings)
        path = reverse("signalements:etape", args=[demande.reference, Etape.VERIFICATION.value])
        body = b"action=envoyer"
        return self.browser.ask(
            "POST", path, body, self._headers("application/x-www-form-urlencoded"), count=count
        )

    def _headers(self, content_type: str) -> dict[str, str]:
        return {
            "Content-Type": content_type,
            "X-CSRFToken": self.token,
            "X-Requested-With": "XMLHttpRequest",
            "Accept": "application/json",
        }
