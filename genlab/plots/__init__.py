"""Figures: rows and arrays in, plotly figures out. No streamlit, no torch."""
