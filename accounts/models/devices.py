"""Second factors that django-otp does not bring: recovery codes, of which only the hash is kept, and passkeys."""

import hashlib

from django.db import models
from django_otp.models import Device, ThrottlingMixin

from portal import clock


class CodeSecours(ThrottlingMixin, Device):
    """The recovery codes of an account: random, salted, stored as SHA-256; attempts are throttled."""

    sel = models.CharField(max_length=32)
    empreintes = models.JSONField(default=list)
    genere_le = models.DateTimeField("généré le")
    valable_jusqu_au = models.DateTimeField(
        "valable jusqu’au", null=True, blank=True, help_text="Pour le code d’une reprise, remis par un autre."
    )

    class Meta:
        verbose_name = "codes de secours"
        verbose_name_plural = "codes de secours"

    def fingerprint(self, code: str) -> str:
        """The stored form of a code: dashes, spaces and case do not count."""
        plain = "".join(code.split()).replace("-", "").upper()
        return hashlib.sha256(f"{self.sel}:{plain}".encode()).hexdigest()

    def get_throttle_factor(self) -> int:
        """Seconds to wait after a first wrong code; doubled after each other one."""
        return 1

    def verify_token(self, token: str) -> bool:
        """Whether `token` is one of the codes left; it is used up, under a lock on the row."""
        locked = CodeSecours.objects.select_for_update().get(pk=self.pk)
        if not locked.verify_is_allowed()[0]:
            return False
        if locked.valable_jusqu_au is not None and locked.valable_jusqu_au <= clock.now():
            return False
        found = locked.fingerprint(token)
        if found not in locked.empreintes:
            locked.throttle_increment()
            return False
        locked.empreintes = [e for e in locked.empreintes if e != found]
        locked.throttle_reset(commit=False)
        locked.save()
        return True


class CleAcces(Device):
    """A passkey (WebAuthn): the public half of a key that a telephone, a computer or a security key keeps.

    Attributes:
        reference: the identifier of the key, in base64url; the browser asks for it by this.
        compteur: how often the key has signed, as it said last; 0 for keys that do not count.
    """

    reference = models.CharField("identifiant de la clé", max_length=1400, unique=True)
    cle_publique = models.BinaryField("clé publique")
    compteur = models.BigIntegerField("compteur de signatures", default=0)
    transports = models.JSONField("façons de la joindre", default=list)
    cree_le = models.DateTimeField("enregistrée le")
    utilisee_le = models.DateTimeField("dernière utilisation", null=True)

    register = ("Passkeys: the public half, and the name its holder gave", "until removed, or as the account")

    class Meta:
        verbose_name = "clé d’accès"
        verbose_name_plural = "clés d’accès"
        ordering = ["cree_le", "id"]
