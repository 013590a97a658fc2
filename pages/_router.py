"""The frame of every page: title, favicon, navigation, status, and a sentence where a page refuses."""

from __future__ import annotations

import streamlit as st

from genlab.ui import shell

# Before the navigation: a page's own icon would else become the favicon, and the browser would fetch it from elsewhere.
shell.configure()
pages = {
    "": [st.Page("home.py", title="Home", icon=":material/home:", default=True)],
    "Learn": [
        st.Page("guide.py", title="Guide", icon=":material/menu_book:"),
        st.Page("playground.py", title="Playground", icon=":material/play_circle:"),
    ],
    "Make": [
        st.Page("data.py", title="Data", icon=":material/photo_library:"),
        st.Page("train.py", title="Train", icon=":material/model_training:"),
        st.Page("match.py", title="Match", icon=":material/balance:"),
    ],
    "Use": [st.Page("tasks.py", title="Tasks", icon=":material/construction:")],
    "Judge": [
        st.Page("curves.py", title="Curves", icon=":material/show_chart:"),
        st.Page("compare.py", title="Compare", icon=":material/compare:"),
        st.Page("collapse.py", title="Collapse", icon=":material/troubleshoot:"),
        st.Page("latent.py", title="Latent", icon=":material/scatter_plot:"),
    ],
}
page = st.navigation(pages, position="top")
st.set_page_config(page_title=f"{page.title} · genlab")
titles = {section: [each.title for each in members] for section, members in pages.items()}
with shell.frame(titles, page.title):
    page.run()
