"""« Contacter votre organisme »: a question to the caisse, about a person or in general (domaine.md §5.1)."""
