"""Models of the partners."""

from partners.models.convention import Convention, Referent, Signataire
from partners.models.partenaire import Partenaire

__all__ = ["Convention", "Partenaire", "Referent", "Signataire"]
