"""The training loop and its parts: knows objectives by their interface only, and nothing of disks and pages."""
