"""web/: the page in the browser and its JSON: every handler asks the contract of an index once and shows the answer."""
