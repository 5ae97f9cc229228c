"""The situation signalled, in words: the labels of the motifs instead of their codes."""

from caisses.enums import ListeMotifs
from signalements.kinds.registry import MotifLabels
from signalements.kinds.saisine.enums import PlageRappel
from signalements.models import Demande


def situation(demande: Demande, labels: MotifLabels) -> list[tuple[str, object]]:
    """The facts of a saisine as (label, value) pairs, in the order of the form; what is empty is left out."""
    saisine = demande.saisine

    def words(liste: ListeMotifs, codes: list[str]) -> list[str]:
        return [labels.get((liste.value, code), code) for code in codes]

    rows: list[tuple[str, object]] = [
        ("Difficultés signalées", words(ListeMotifs.DIFFICULTE, saisine.difficultes)),
        ("Types de soins", words(ListeMotifs.SOINS, saisine.types_soins)),
        ("Causes", words(ListeMotifs.CAUSE, saisine.causes)),
        ("Démarches déjà faites", words(ListeMotifs.DEMARCHE, saisine.demarches_faites)),
        ("Droits de base ouverts", saisine.get_droits_base_display()),
        ("Complémentaire", saisine.get_complementaire_display()),
        ("Médecin traitant déclaré", saisine.get_medecin_traitant_display()),
        ("Logement", saisine.get_hebergement_display()),
        ("Contact préféré", saisine.get_canal_prefere_display()),
        ("Plages de rappel", [PlageRappel(plage).label for plage in saisine.plages_rappel]),
        ("Interprète souhaité en", saisine.langue_interprete),
    ]
    return [(label, value) for label, value in rows if value]
