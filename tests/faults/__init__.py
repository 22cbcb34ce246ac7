"""What happens when workers die, databases restart and platforms misbehave. Loopback only, bounded in time."""
