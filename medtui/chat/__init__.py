"""Talking to base and tuned model side by side."""
