"""The API shell: what every resource of the HTTP API has in common, written once."""
