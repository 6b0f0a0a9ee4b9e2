"""Tuning the model in a supervised worker."""
