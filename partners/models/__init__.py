from partners.models.convention import Convention
from partners.models.modele import REGLES, ModeleConvention, TexteConvention
from partners.models.partenaire import Partenaire
from partners.models.parties import Referent, Signataire
from partners.models.referents import ChangementReferent
from partners.models.vie import Avenant, MembreUnion, MiseEnDemeure, PassageConvention, SignatureAvenant

__all__ = [
    "REGLES",
    "Avenant",
    "ChangementReferent",
    "Convention",
    "MembreUnion",
    "MiseEnDemeure",
    "ModeleConvention",
    "Partenaire",
    "PassageConvention",
    "Referent",
    "Signataire",
    "SignatureAvenant",
    "TexteConvention",
]
