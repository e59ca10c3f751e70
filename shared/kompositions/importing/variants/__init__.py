"""The families of documents: one module for each, which drafts a canonical document from one of its own."""
