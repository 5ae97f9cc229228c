"""Recovery codes: each works once, only their hash is kept."""

import hashlib

from django.db import models
from django_otp.models import Device, ThrottlingMixin


class CodeSecours(ThrottlingMixin, Device):
    """The recovery codes of an account: random, salted, stored as SHA-256; attempts are throttled."""

    sel = models.CharField(max_length=32)
    empreintes = models.JSONField(default=list)
    genere_le = models.DateTimeField("généré le")

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
        found = locked.fingerprint(token)
        if found not in locked.empreintes:
            locked.throttle_increment()
            return False
        locked.empreintes = [e for e in locked.empreintes if e != found]
        locked.throttle_reset(commit=False)
        locked.save()
        return True
