"""Search loose texts, without a workspace."""
