"""Intake of files: what they are, whether they are accepted, and photos turned into one clean PDF."""

from documents.intake.convert import Sharpness, blur_score, photos_to_pdf
from documents.intake.images import Kind
from documents.intake.inspect import MIME_TYPES, Inspected, inspect
from documents.intake.refusals import MAX_PAGES, MAX_PIXELS, Refusal, RefusedFile

__all__ = [
    "MAX_PAGES",
    "MAX_PIXELS",
    "MIME_TYPES",
    "Inspected",
    "Kind",
    "Refusal",
    "RefusedFile",
    "Sharpness",
    "blur_score",
    "inspect",
    "photos_to_pdf",
]
