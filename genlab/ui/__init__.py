"""The pages: shell, words, forms and views. The only package besides `genlab.server` that knows streamlit."""
