"""English, with times that sort."""
