"""Who may see the app, and how few customers it may show: the login and the switch for small groups."""

import os
from importlib.util import find_spec

import streamlit as st

from core.views.suppress import MINIMUM
from pages.components.help import help_link
from pages.components.text import escape_markdown
from pages.components.upload_guard import guard_uploads

SHARED = "HIDE_SMALL_GROUPS"  # an environment variable, or in lower case a key of the secrets
HIDE = "hide"


def small_groups_switch() -> bool:
    """Whether to hide small groups: on from the start where the app is set up for sharing."""
    hide = st.toggle(
        f"Hide groups under {MINIMUM} customers", is_shared(), key=HIDE,
        help="Hides small groups on every page, and the next larger one where it would give a small one away. "
        "It does not guard against comparing several selections.",
    )  # fmt: skip
    help_link("hiding")
    return hide


def is_hiding() -> bool:
    """Whether the switch is on, also where no customers are open and it is drawn all the same."""
    return bool(st.session_state.get(HIDE, is_shared()))


def is_shared() -> bool:
    """Whether the secrets or the environment say that the app is shared."""
    setting = os.environ.get(SHARED, "") or str(secrets().get(SHARED.lower(), ""))
    return _has_login() or setting.strip().lower() in ("1", "true", "yes", "on")


def secrets() -> dict:
    """The secrets; empty without a file of them."""
    return dict(st.secrets) if st.secrets.load_if_toml_exists() else {}


def require_login() -> None:
    """If the secrets have `[auth]`, stop the run of visitors who are not logged in, and let the others log out.

    Nobody gets in where the library that checks a login is missing.
    """
    if not _has_login():
        return
    logged_in = bool(st.user.get("is_logged_in", False))
    guard_uploads(logged_in=logged_in)
    if not logged_in:
        _login_page()
        st.stop()
    name = str(st.user.get("email") or st.user.get("name") or "this account")
    st.sidebar.button(
        "Log out", icon=":material/logout:", on_click=st.logout, help=escape_markdown(f"Logged in as {name}")
    )


def _login_page() -> None:
    st.title("Mass affluent dashboard", anchor=False)
    if find_spec("authlib") is None:
        st.error("A login is set up, but cannot be checked: install the extra `auth` (streamlit[auth]).")
        return
    st.markdown("Log in to see the customers.")
    providers = [name for name, entry in secrets()["auth"].items() if hasattr(entry, "keys")]
    for provider in providers or [None]:
        label = f"Log in with {provider}" if provider else "Log in"
        st.button(label, type="primary", icon=":material/login:", on_click=st.login, args=(provider,))


def _has_login() -> bool:
    return "auth" in secrets()
