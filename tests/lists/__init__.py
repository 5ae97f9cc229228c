"""What every list costs, whatever its length."""
