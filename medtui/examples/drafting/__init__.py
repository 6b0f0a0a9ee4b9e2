"""Questions and answers that a local model drafts from a report and a person approves."""
