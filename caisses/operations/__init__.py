"""Business acts on the caisses themselves."""
