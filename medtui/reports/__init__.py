"""Reading what a practice's software exports."""
