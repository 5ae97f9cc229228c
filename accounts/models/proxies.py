"""The accounts as the administrators look for them: those of the structures, those of a caisse."""

from accounts.models.utilisateur import Utilisateur


class ComptePartenaire(Utilisateur):
    """A gestionnaire or technicien."""

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = "compte de structure"
        verbose_name_plural = "comptes des structures"


class CompteCaisse(Utilisateur):
    """An agent, conseiller, superviseur or administrateur of a caisse."""

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = "compte de la caisse"
        verbose_name_plural = "comptes des caisses"
