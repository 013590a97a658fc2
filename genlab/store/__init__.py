"""The workspace on disk: run directories and their index. No torch."""
