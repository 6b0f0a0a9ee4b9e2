"""A fictional practice: a seeded command writes its reports and the exact place of every identifier."""
