"""What is known about single words: ordinary English, medicine, names, places."""
