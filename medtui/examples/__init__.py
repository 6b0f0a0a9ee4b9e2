"""Turning reports into training examples."""
