"""What the pages share: the sidebar, the view they look at, cards, charts."""

from pathlib import Path

# The app's own file: Streamlit fetches Material icons for the browser's tab from the internet.
ICON = Path(__file__).with_name("icon.svg")
