"""A lesson's settings, and the address that opens it with them: chosen, opened, copied."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from genlab.lessons._address import parameters, query
from genlab.lessons.base import LessonSpec
from genlab.options import Options
from genlab.ui.fields import describe
from genlab.ui.forms import Changes, draw

SCRIPT = """
export default function (component) {
  const { parentElement, data } = component;
  const address = `${window.location.origin}${window.location.pathname}?${data.query}`;
  const button = parentElement.querySelector("button");
  const told = parentElement.querySelector("output");
  parentElement.querySelector("code").textContent = address;
  button.onclick = async () => {
    try {
      await navigator.clipboard.writeText(address);
      told.textContent = "Copied";
    } catch {
      const range = document.createRange();
      range.selectNodeContents(parentElement.querySelector("code"));
      const selection = window.getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      told.textContent = "Press Ctrl+C to copy";
    }
    clearTimeout(button.timer);
    button.timer = setTimeout(() => { told.textContent = ""; }, 4000);
  };
}
"""

STYLE = """
.link { display: grid; gap: 0.5rem; font-family: var(--st-font); color: var(--st-text-color); font-size: 0.9rem; }
code {
  font-family: var(--st-code-font); font-size: 0.8rem; overflow-wrap: anywhere; padding: 0.5rem 0.6rem;
  border-radius: var(--st-base-radius); background: var(--st-secondary-background-color);
}
div.row { display: flex; align-items: center; gap: 0.75rem; }
button {
  font: inherit; color: inherit; background: transparent; cursor: pointer; padding: 0.35rem 0.75rem;
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius);
}
button:hover, button:focus-visible { border-color: var(--st-primary-color); color: var(--st-primary-color); }
button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
"""

COPY = st.components.v2.component(
    "genlab_lesson_link",
    html='<div class="link"><code></code><div class="row"><button type="button">Copy the link</button>'
    '<output aria-live="polite"></output></div></div>\n',
    css=STYLE,
    js=SCRIPT,
)


def render(spec: LessonSpec, options: Options) -> None:
    """The button that opens the settings, and in it the link."""
    with st.popover("Settings and link", icon=":material/tune:", key=f"lesson/{spec.name}/settings"):
        changes: Changes = {}
        scope = f"lesson/{query(spec, options)}"
        draw(describe(options), "images", scope, changes)
        st.button(
            "Use these settings",
            icon=":material/check:",
            disabled=not changes,
            help="Begins the lesson again: another setting is another prediction.",
            key=f"{scope}/take",
            on_click=_take,
            args=(spec, options.model_copy(update=changes)),
        )
        st.caption("This address opens the lesson with the settings it has now.")
        COPY(key=f"{scope}/link", data={"query": query(spec, options)})


def leads_to(label: str, asked: Mapping[str, str], icon: str, key: str) -> None:
    """A button that leads to another part of the guide.

    A link from a page to the same page changes what is shown, but not the address that people copy.
    """
    st.button(label, icon=icon, type="tertiary", key=key, on_click=st.query_params.from_dict, args=(dict(asked),))


def _take(spec: LessonSpec, options: Options) -> None:
    st.query_params.from_dict(parameters(spec, options))
