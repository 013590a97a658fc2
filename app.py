"""The app: `streamlit run app.py`, `python app.py`, `uvicorn app:app` and `genlab` all start from here."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from genlab import server

app = st.App(
    Path(__file__).parent / "pages" / "_router.py",
    lifespan=server.lifespan,
    routes=server.routes(),
    middleware=server.middleware(),
    on_script_error=server.on_script_error,
)

if __name__ == "__main__":
    server.run(app)
