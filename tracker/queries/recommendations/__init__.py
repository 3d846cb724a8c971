"""One recommendation, the filtered list, and the facets of the filter."""
