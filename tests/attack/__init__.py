"""What an attack or a busy morning broke once, as kinds: at the doors, on loopback only, bounded in time.

What takes over ten seconds is marked `slow`: `make attack` runs it too, in ten minutes at most.
"""
