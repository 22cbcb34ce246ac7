"""The core: what is said and answered, on no chat platform, at no time but the one it is given."""
