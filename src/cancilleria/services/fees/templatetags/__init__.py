"""Template filters of the fees."""
