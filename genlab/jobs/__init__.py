"""Starting workers and giving them their turn. No torch, no daemon."""
