"""Streamlit pages on published marts, for our own people and for each tenant."""
