"""What the interface sends and takes: one shape for each thing it speaks of."""
