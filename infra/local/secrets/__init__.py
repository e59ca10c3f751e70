"""Secret Manager on this machine: REST v1, secrets with versions that can be read, switched off, and destroyed for good."""
