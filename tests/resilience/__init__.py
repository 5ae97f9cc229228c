"""Bad luck on real parts: servers stopped, silent, restarted or killed while the portal works."""
