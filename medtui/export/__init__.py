"""Saving the finished model for use inside the practice."""
