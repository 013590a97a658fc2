"""What is said and shown of runs, settings and results, whoever shows it: words, tables and pictures; no streamlit."""
