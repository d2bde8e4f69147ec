"""embedded/: the engine of an index in a folder on this machine, searched in this process."""
