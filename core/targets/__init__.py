"""Target lists: who is contacted, who is held out so that the effect can be measured, and the files of both."""
