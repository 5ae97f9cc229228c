"""`python -m portal.lexicons`: write the lists and the sentences into the browser's copy of the guard."""

import json
from pathlib import Path
from typing import Any, Final

from portal.free_text import CONFIRMED, IBAN_LENGTHS, MESSAGES, PHONE, SEVERITIES
from portal.lexicons import LISTS, folded_phrases

SCRIPT: Final = Path(__file__).parents[2] / "static" / "js" / "free-text-guard.js"
BEGIN: Final = "// BEGIN written by python -m portal.lexicons\n"
END: Final = "// END written by python -m portal.lexicons\n"


def browser_data() -> dict[str, Any]:
    """What the browser needs: the phrases by list and family, sentences, severities, IBAN, telephones."""
    phrases: dict[str, dict[str, list[str]]] = {name: {} for name in LISTS}
    for phrase in folded_phrases():
        phrases[phrase.list_name].setdefault(phrase.family, []).append(" ".join(phrase.words))
    return {
        "phrases": phrases,
        "messages": {kind.value: message for kind, message in MESSAGES.items()},
        "severities": {kind.value: severity.value for kind, severity in SEVERITIES.items()},
        "confirmed": {kind.value: words for kind, words in CONFIRMED.items()},
        "ibanLengths": IBAN_LENGTHS,
        "phone": PHONE,
    }


def with_data(script: str) -> str:
    """The script with its marked block written again."""
    before, rest = script.split(BEGIN)
    _, after = rest.split(END)
    data = json.dumps(browser_data(), ensure_ascii=False, indent=1, separators=(",", ": "))
    # One family of words a line: short diffs, small file.
    lines: list[str] = []
    for line in data.splitlines():
        if line.startswith("    ") or line.strip() in {"]", "],"}:
            lines[-1] += line.strip()
        else:
            lines.append(line)
    return f"{before}{BEGIN}const DATA = {chr(10).join(lines)};\n{END}{after}"


if __name__ == "__main__":
    SCRIPT.write_text(with_data(SCRIPT.read_text(encoding="utf-8")), encoding="utf-8")
