"""Independent clinical facts from which the fictional reports are composed."""
