"""One reader per format: bytes in; drafts of documents, embedded files and reasons out."""
