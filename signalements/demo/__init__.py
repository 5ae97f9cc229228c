"""The demonstration's data (DEMO=1 only): fictitious structures, accounts, persons and demandes."""
