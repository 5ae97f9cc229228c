"""Errors of the domain: a sentence in French that may be shown to whoever asked."""


class DomainError(Exception):
    """A business act was refused.

    Attributes:
        message: the sentence to show, in French.
        field: the form field it belongs to, or None for the whole form.
        code: a stable code for tests and the journal.
    """

    def __init__(self, message: str, *, field: str | None = None, code: str = "refused") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code
