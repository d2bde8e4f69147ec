"""suggesting/: what was probably meant (`correction`), and what is being typed (`completion`)."""
