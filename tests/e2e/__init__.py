"""The stories people live, played in a browser on real parts."""
