"""The portal's own PostgreSQL, Redis and processes: what `make run`, `make test` and `make bench` start.

Nothing here imports the rest of the project: it starts processes and hands them their environment, so it works
(and says what is missing) on a machine where the portal itself could not even be imported.
"""
