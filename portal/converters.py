"""Path converters shared by the addresses of the portal."""

from portal.reference import REFERENCE_PATTERN, normalise_reference


class ReferenceConverter:
    """A demande's reference in an address, canonical form only: one demande has one address.

    A reference whose check is wrong does not match, so the answer is the same 404 as for an unknown one and
    no query is spent on it.
    """

    regex = REFERENCE_PATTERN

    def to_python(self, value: str) -> str:
        """The reference itself; ValueError (hence 404) when its check is wrong."""
        if normalise_reference(value) != value:
            raise ValueError("wrong check")
        return value

    def to_url(self, value: str) -> str:
        """The reference, unchanged."""
        return value
