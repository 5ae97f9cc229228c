"""What belongs to one tenant never shows anywhere else: words that could leak, searched everywhere."""
