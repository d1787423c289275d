"""What the pages share: the sidebar, the view they look at, cards, charts."""
