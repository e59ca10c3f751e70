"""Paper editing: words are deleted, moved and restored in a transcript, and a komposition follows."""
