"""Espace Partenaires: the project package and the code every app shares.

It imports nothing: `portal.embedded` is imported through it on machines where the portal itself cannot run yet.
"""
