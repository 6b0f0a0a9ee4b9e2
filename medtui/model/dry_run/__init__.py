"""Runs one training step on tensors without data and measures the memory it would take."""
