"""The tests of the portal; `make test` runs them beside real servers."""
