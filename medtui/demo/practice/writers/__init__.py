"""One module per file format in which the fictional practice exports its reports."""
