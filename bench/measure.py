"""Timing of pages over one kept-alive connection, beside the yardstick, in turns."""

import http.client
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Answer:
    """What a request gave back."""

    status: int
    seconds: float
    queries: int | None
    body: bytes
    location: str


class Browser:
    """A keep-alive HTTP client with the cookies of one signed-in account."""

    def __init__(self, port: int, cookies: dict[str, str]) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies = dict(cookies)

    def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
        *,
        count: bool = False,
    ) -> Answer:
        """Send a request and read the whole answer."""
        sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), "Host": "127.0.0.1"}
        if count:
            sent["X-Bench-Count"] = "1"
        started = time.perf_counter()
        self.connection.request(method, path, body=body or None, headers=sent | (headers or {}))
        response = self.connection.getresponse()
        content = response.read()
        elapsed = time.perf_counter() - started
        for header in response.headers.get_all("Set-Cookie") or []:
            name, _, rest = header.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        queries = response.headers.get("X-Bench-Queries")
        return Answer(
            response.status,
            elapsed,
            int(queries) if queries else None,
            content,
            response.headers.get("Location", ""),
        )


@dataclass
class Figures:
    """The figures of one page."""

    name: str
    goal: float | None
    p50: float = 0.0
    p95: float = 0.0
    yardstick: float = 0.0
    queries: int | None = None
    samples: list[float] = field(default_factory=list, repr=False)

    @property
    def ratio(self) -> float:
        """How many times the yardstick's median its own median is."""
        return self.p50 / self.yardstick if self.yardstick else 0.0


def measure(
    name: str,
    page: Callable[[bool], Answer],
    yardstick: Callable[[], Answer],
    *,
    goal: float | None,
    rounds: int,
    expected: int = 200,
) -> Figures:
    """Ask for the page and for the yardstick in turns, `rounds` times, after a warm-up; count its SQL once.

    Raises:
        RuntimeError: the page did not answer with `expected`.
    """
    figures = Figures(name, goal)
    for _ in range(3):
        _check(name, page(False), expected)
        yardstick()
    bare: list[float] = []
    for _ in range(rounds):
        bare.append(yardstick().seconds)
        answer = page(False)
        _check(name, answer, expected)
        figures.samples.append(answer.seconds)
    figures.queries = page(True).queries
    figures.p50 = statistics.median(figures.samples)
    figures.p95 = statistics.quantiles(figures.samples, n=20)[-1]
    figures.yardstick = statistics.median(bare)
    return figures


def _check(name: str, answer: Answer, expected: int) -> None:
    if answer.status != expected:
        text = answer.body[:300].decode(errors="replace")
        raise RuntimeError(f"{name}: {answer.status} au lieu de {expected} ({answer.location}) {text}")
