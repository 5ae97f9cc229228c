"""Reads of several models: one named function for each question a screen asks."""
