"""Measurements, each beside its peer or limit in the same run. `make bench` prints them; no test depends on them."""
