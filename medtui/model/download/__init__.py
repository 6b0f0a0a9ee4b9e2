"""Fetches a model from a hub that speaks Hugging Face's protocol, or takes one over from a folder."""
