"""The shop's settings: ``schema`` says what can be set, ``load`` reads ``till.toml``."""
