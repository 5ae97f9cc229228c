"""The benchmark: `make bench SIZE=100000`. It fills databases of its own and measures the real portal."""
