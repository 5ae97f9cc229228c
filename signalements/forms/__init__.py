"""Forms of the demandes: cleaning only."""
