"""All nine steps in a row, without a screen."""
