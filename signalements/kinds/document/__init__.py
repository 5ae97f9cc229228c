"""« Demander un document »: a document of the catalogue, given on the portal or sent to the person (§7.2)."""
