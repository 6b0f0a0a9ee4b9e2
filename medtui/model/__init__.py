"""Choosing a base model that fits."""
