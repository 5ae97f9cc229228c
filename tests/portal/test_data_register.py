"""The register given to the data protection officer tells the truth."""

import re

from portal.data_register import own_models, register_lines
from portal.management.commands.write_data_register import PATH

FORBIDDEN = re.compile(r"(^|_)(nir|nss|secu|securite_sociale|insee)(_|$)")


def test_the_register_is_up_to_date():
    assert PATH.read_text(encoding="utf-8") == "\n".join(register_lines()) + "\n"


def test_no_column_could_hold_a_nir():
    names = [
        f"{model._meta.label}.{field.column}"
        for model in own_models()
        for field in model._meta.concrete_fields
        if FORBIDDEN.search(field.column)
    ]
    assert names == []
