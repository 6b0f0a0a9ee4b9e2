"""Removing what identifies patients."""
