"""What is common to every ministry. Knows no procedure and no country by name."""
