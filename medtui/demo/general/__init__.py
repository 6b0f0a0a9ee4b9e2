"""General instructions of our own making for the demo: small sums, units, words, plain questions of every day."""
