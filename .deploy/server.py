"""The app as one of several servers behind a proxy, with `/ready` and `/metrics`: `streamlit run .deploy/server.py`."""

import sys
from pathlib import Path

from streamlit.starlette import App

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # `streamlit run` adds the folder of this file only

from pages.components.metrics import ERRORS  # noqa: E402
from pages.components.readiness import ROUTES, running  # noqa: E402

app = App(ROOT / "streamlit_app.py", lifespan=running, routes=ROUTES, on_script_error=ERRORS.add)
