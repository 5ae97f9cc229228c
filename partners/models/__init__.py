from partners.models.convention import Convention
from partners.models.partenaire import Partenaire
from partners.models.parties import Referent, Signataire
from partners.models.vie import Avenant, MembreUnion, MiseEnDemeure, PassageConvention

__all__ = [
    "Avenant",
    "Convention",
    "MembreUnion",
    "MiseEnDemeure",
    "Partenaire",
    "PassageConvention",
    "Referent",
    "Signataire",
]
