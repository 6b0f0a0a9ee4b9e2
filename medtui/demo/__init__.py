"""What the demonstration is made of: commands that build its assets from a seed."""
