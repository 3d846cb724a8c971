"""Who disagrees, and by how much: the matrix of the State and the independent voices, then the points."""
