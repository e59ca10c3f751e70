"""Cloud Storage: the JSON API, the XML paths of signed URLs, resumable upload, object events and lifecycle."""
