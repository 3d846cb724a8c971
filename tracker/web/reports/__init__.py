"""Reports and their workbooks."""
