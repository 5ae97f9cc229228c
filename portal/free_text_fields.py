"""The model field of every free text, so that the admin, an import or the API refuse a NIR as forms do."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from portal.free_text import MESSAGES, Kind
from portal.nir import contains_nir

MAX_LENGTH = 1000
"""Characters of a free text, unless a field says otherwise (domaine §4.4)."""


def validate_no_nir(value: str) -> None:
    """Refuse a text that holds a NIR whose key is right (art. 5). The error holds no part of the text."""
    if contains_nir(value):
        raise ValidationError(MESSAGES[Kind.NIR], code="nir")


class TexteLibreModelField(models.TextField):
    """A text people write freely: limited in length, never with a NIR.

    The validator serves forms, the admin and serializers; the check at save time catches what goes round
    them (an operation, `update()`, `bulk_create()`) and raises ValidationError before anything is written.
    """

    default_validators = [validate_no_nir]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", MAX_LENGTH)
        super().__init__(*args, **kwargs)
        if self.max_length is not None:
            self.validators.append(MaxLengthValidator(self.max_length))

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        """The value for the database; ValidationError when it holds a NIR."""
        if isinstance(value, str):
            validate_no_nir(value)
        return super().get_db_prep_save(value, connection)

    def formfield(self, **kwargs: Any) -> Any:
        """A TexteLibreField, so that ConfirmableTextMixin sees it."""
        from portal.free_text_forms import TexteLibreField

        return super().formfield(**{"form_class": TexteLibreField, **kwargs})
