"""A button that copies the address to the clipboard of the browser. Streamlit has no such button."""

from collections.abc import Mapping, Sequence

import streamlit as st

BUTTON = """<button type="button">
<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M17 7h-4v2h4a3 3 0 0 1 0 6h-4v2h4a5 5 0 0 0 0-10zM11 15H7a3 3
 0 0 1 0-6h4V7H7a5 5 0 0 0 0 10h4v-2zM8 11h8v2H8z"/></svg><span aria-live="polite">Copy link</span></button>"""
# Streamlit's own button, in the theme's colours.
STYLE = """button {
  display: flex; align-items: center; justify-content: center; gap: 0.5rem; width: 100%; min-height: 2.5rem;
  font: inherit; color: var(--st-text-color); background: var(--st-background-color); cursor: pointer;
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius);
}
button:hover, button:focus-visible { color: var(--st-primary-color); border-color: var(--st-primary-color); }
svg { width: 1.25rem; fill: currentColor; }"""
# The address is read at the click: a fragment's inputs change it while the sidebar stays as it was drawn.
# A page without https has no access to the clipboard. Then the link is shown, ready to copy.
SCRIPT = """export default function ({ data, parentElement }) {
  const text = parentElement.querySelector("span");
  parentElement.querySelector("button").onclick = async () => {
    const link = new URL(window.location.href);
    for (const [name, values] of Object.entries(data)) {
      link.searchParams.delete(name);
      values.forEach((value) => link.searchParams.append(name, value));
    }
    try {
      await navigator.clipboard.writeText(link.href);
      text.textContent = "Link copied";
      setTimeout(() => { text.textContent = "Copy link"; }, 3000);
    } catch {
      window.prompt("Copy this link:", link.href);
    }
  };
}"""
_button = st.components.v2.component("copy_link", html=BUTTON, css=STYLE, js=SCRIPT)


def copy_button(parameters: Mapping[str, Sequence[str]]) -> None:
    """A button that copies the address bar's link, with these query parameters added or replaced."""
    _button(data={name: list(values) for name, values in parameters.items()}, key="copy_link")
