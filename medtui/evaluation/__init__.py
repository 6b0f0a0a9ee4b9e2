"""Comparing the tuned model with its base."""
