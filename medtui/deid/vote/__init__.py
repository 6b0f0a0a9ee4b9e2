"""A second opinion: a model for names and places that the practice has on its disk, asked beside the rules."""
