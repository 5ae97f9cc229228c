"""Routes of the demandes: the partner's side and the caisse's side share the namespace « signalements »."""
