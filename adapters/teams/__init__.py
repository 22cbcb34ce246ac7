"""Teams: codec and cards are pure, `host` answers what arrives, `courier` writes unasked, `sdk` alone knows the SDK."""
