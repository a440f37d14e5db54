"""What templates of the design system need."""
