"""Files of people's own, read with suspicion: folders, archives and arrays become data sets of the workspace."""
