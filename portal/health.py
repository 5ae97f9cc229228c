"""The state of the portal: a page for people, two answers for machines, and the maintenance page.

None of them needs a session: they answer before anybody is known, and while the database is away.
"""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max, Min
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal import clock
from portal.courriels.models import Courriel
from portal.models import Balayage
from portal.tenancy import scope

GetResponse = Callable[[HttpRequest], HttpResponse]

ALWAYS_ANSWERED = ("/etat/", "/static/")
WORKER_SILENT = timedelta(seconds=60)
MAIL_LATE = timedelta(minutes=5)
SHORT = 0.5
CLAMD_SECONDS = 1.0


@dataclass(frozen=True)
class Check:
    """What is known of one part: whether it works (`ok`), that there is none (`absent`), the words for people."""

    code: str
    nom: str
    ok: bool
    texte: str
    absent: bool = False


class StatusMiddleware:
    """Answers the status pages before the session is read, and closes the rest during a maintenance."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        view = {"/etat/": status, "/etat/live": live, "/etat/ready": ready}.get(request.path_info)
        if view is not None:
            return view(request)
        if settings.MAINTENANCE and not request.path_info.startswith(ALWAYS_ANSWERED):
            return maintenance(request)
        return self.get_response(request)


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is looked at."""
    return JsonResponse({"live": True})


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Whether requests can be served: the database answers and its structure is that of the code.

    `degraded` names what is away without keeping anybody from working.
    """
    blocking = [database(), structure()]
    is_ready = all(check.ok for check in blocking)
    others = [worker(), mails(), nudges(), antivirus()] if is_ready else []
    degraded = [check.code for check in others if not check.ok]
    checks = {check.code: check.ok for check in [*blocking, *others]}
    return JsonResponse(
        {"ready": is_ready, "degraded": degraded, "checks": checks}, status=200 if is_ready else 503
    )


@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """The status page for people."""
    checks = [Check("web", "Site", True, "Fonctionne."), database()]
    if checks[-1].ok:
        checks += [worker(), mails(), nudges(), antivirus()]
    if not checks[1].ok:
        summary = "Le portail est momentanément indisponible. Rien n’est perdu\u00a0: ce qui est enregistré l’est bien."
    elif all(check.ok for check in checks):
        summary = "Le portail fonctionne normalement."
    else:
        summary = "Le portail fonctionne. Certains traitements prennent du retard\u00a0; rien n’est perdu."
    context = {"bilan": summary, "checks": checks, "attention": [check for check in checks if not check.ok]}
    return render(request, "pages/etat.html", context, status=200 if checks[1].ok else 503)


def maintenance(request: HttpRequest) -> HttpResponse:
    """The page of a planned maintenance."""
    until = settings.MAINTENANCE if len(settings.MAINTENANCE) > 1 else ""
    response = render(request, "maintenance.html", {"maintenance_until": until}, status=503)
    response.headers["Retry-After"] = "600"
    return response


def database() -> Check:
    """Whether PostgreSQL answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        connection.close_if_unusable_or_obsolete()
        return Check("base", "Base de données", False, "Ne répond pas pour le moment.")
    return Check("base", "Base de données", True, "Fonctionne.")


_structure_seen = False


def structure() -> Check:
    """Whether every migration of the code was applied; once seen it stays so for the life of the process."""
    global _structure_seen
    if not _structure_seen:
        try:
            executor = MigrationExecutor(connection)
            _structure_seen = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        except DatabaseError:
            connection.close_if_unusable_or_obsolete()
    texte = "À jour." if _structure_seen else "Une mise à jour est en cours."
    return Check("structure", "Structure de la base", _structure_seen, texte)


def worker() -> Check:
    """When the worker last finished a sweep."""
    name = "Traitements en arrière-plan"
    with transaction.atomic():
        last = Balayage.objects.aggregate(last=Max("fin"))["last"]
        failing = list(Balayage.objects.exclude(erreur="").values_list("nom", flat=True))
    if last is None:
        return Check("worker", name, False, "N’ont pas encore donné signe de vie.")
    age = clock.now() - last
    said = f"Dernier passage {ago(age)}."
    if age > WORKER_SILENT:
        return Check("worker", name, False, f"{said} Ils reprendront là où ils en étaient.")
    if failing:
        return Check("worker", name, False, f"{said} En échec\u00a0: {', '.join(failing)}.")
    return Check("worker", name, True, said)


def mails() -> Check:
    """How long the oldest mail has waited, and how many were given up."""
    with scope("systeme"), transaction.atomic():
        waiting = Courriel.objects.filter(
            envoye_le__isnull=True, abandonne_le__isnull=True, recapitulatif=False
        )
        oldest = waiting.aggregate(oldest=Min("cree_le"))["oldest"]
        since = clock.now() - timedelta(days=7)
        given_up = Courriel.objects.filter(abandonne_le__gte=since).count()
    age = clock.now() - oldest if oldest else timedelta()
    texte = f"Le plus ancien attend depuis {duration(age)}." if oldest else "Aucun n’attend."
    if given_up:
        texte += f" {given_up} n’{'ont' if given_up > 1 else 'a'} pas pu partir ces sept derniers jours."
    return Check("courriels", "Courriels", age <= MAIL_LATE and not given_up, texte)


def nudges() -> Check:
    """Whether Redis answers; without it everything is done, a little later."""
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=SHORT, socket_timeout=SHORT, retry_on_timeout=False
    )
    try:
        client.ping()
    except (redis.RedisError, OSError):
        return Check(
            "redis", "File de messages", False, "Ne répond pas\u00a0: les traitements attendent leur tour."
        )
    finally:
        client.close()
    return Check("redis", "File de messages", True, "Fonctionne.")


def antivirus() -> Check:
    """Whether the antivirus answers; the embedded portal has none, and says so."""
    if not settings.CLAMAV_URL:
        texte = "Les fichiers ne passent que les contrôles de structure."
        return Check("antivirus", "Antivirus", settings.DEMO or settings.TESTING, texte, absent=True)
    if _clamd_answers(settings.CLAMAV_URL):
        return Check("antivirus", "Antivirus", True, "Fonctionne.")
    texte = "Ne répond pas\u00a0: les fichiers restent en analyse jusqu’à son retour."
    return Check("antivirus", "Antivirus", False, texte)


def _clamd_answers(url: str) -> bool:
    parts = urlsplit(url)
    try:
        if parts.scheme == "unix":
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(CLAMD_SECONDS)
                line.connect(parts.path)
                return _pong(line)
        address = (parts.hostname or "", parts.port or 3310)
        with socket.create_connection(address, timeout=CLAMD_SECONDS) as line:
            return _pong(line)
    except OSError:
        return False


def _pong(line: socket.socket) -> bool:
    line.sendall(b"zPING\0")
    return line.recv(16).startswith(b"PONG")


def ago(age: timedelta) -> str:
    """« il y a 12 secondes »."""
    return "à l’instant" if age < timedelta(seconds=2) else f"il y a {duration(age)}"


def duration(age: timedelta) -> str:
    """« 12 secondes », « 3 minutes », « 2 heures », « 4 jours »."""
    seconds = max(int(age.total_seconds()), 0)
    for size, word in ((86400, "jour"), (3600, "heure"), (60, "minute")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {word}{'s' if count > 1 else ''}"
    return f"{seconds} seconde{'s' if seconds > 1 else ''}"
