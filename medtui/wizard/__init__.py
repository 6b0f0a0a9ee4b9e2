"""The journey's questions and answers, without a screen or a disk."""
