"""Routes of the technicien: the demandes of the structure."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
