"""Where somebody is in the queue: the view, its filters and the page, kept from one demande to the next.

The address of the queue says it; a cookie keeps it while demandes are worked on. It holds ids and codes, never a name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from portal.routes import address_of
from signalements.queries.file_caisse import PAR_DEFAUT, VUES, Vue
from signalements.queries.filtres import Filtres, read_filters

COOKIE = "ep_file"
LONGEST = 800


@dataclass(frozen=True)
class Place:
    """A view, its filters, and the page of it."""

    vue: Vue = PAR_DEFAUT
    filtres: Filtres = field(default_factory=Filtres)
    page: str = ""

    @classmethod
    def read(cls, params: Mapping[str, str]) -> "Place":
        """The place an address or the cookie names; the default one where it cannot be read."""
        vue = VUES.get(params.get("vue", ""), PAR_DEFAUT)
        return cls(vue, read_filters(params), params.get("page", ""))

    def query(self, *, vue: str = "", page: str = "") -> str:
        """The query of the address of this view, of another one with the same filters, or of another page."""
        parts = {"vue": vue or self.vue.code, **self.filtres.values()}
        return urlencode(parts | ({"page": page} if page else {}))

    def url(self, *, vue: str = "", page: str = "") -> str:
        """The address of the queue there."""
        return f"{address_of('signalements:file')}?{self.query(vue=vue, page=page)}"

    @property
    def retour_query(self) -> str:
        """The query of the address of the very page."""
        return self.query(page=self.page)

    @property
    def retour(self) -> str:
        """The address of the very page."""
        return self.url(page=self.page)

    def keep(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Have the browser keep the place until it closes."""
        text = self.query(page=self.page)
        if request.COOKIES.get(COOKIE) != text and len(text) <= LONGEST:
            response.set_cookie(
                COOKIE,
                text,
                path=address_of("signalements:journee"),
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response


def current_place(request: HttpRequest) -> Place:
    """The place the address names, else the one that was kept."""
    if "vue" in request.GET:
        return Place.read(request.GET.dict())  # type: ignore[arg-type]
    return Place.read(dict(parse_qsl(request.COOKIES.get(COOKIE, "")[:LONGEST])))
