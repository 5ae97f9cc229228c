"""Forms of the documents and of the conventions a structure follows."""
