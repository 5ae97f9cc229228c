"""The browser and the system of a session, in words its holder recognises. No place is guessed from an address."""

from typing import Final

UNKNOWN: Final = "Navigateur inconnu"
# The first that matches: browsers name those they descend from.
NAVIGATEURS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMES: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_in_words(user_agent: str) -> str:
    """« Firefox sur Windows », from what the browser says of itself; « Navigateur inconnu » when it says nothing."""
    browser = next((name for mark, name in NAVIGATEURS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMES if mark in user_agent), "")
    if not browser:
        return f"Navigateur inconnu sur {system}" if system else UNKNOWN
    return f"{browser} sur {system}" if system else browser
