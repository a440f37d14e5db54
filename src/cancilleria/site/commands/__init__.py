"""One module for each command: `arguments(parser)` and `run(parsed) -> exit code`."""
