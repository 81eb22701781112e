"""Drawings: each function takes a frame from `queries` and returns an ECharts option."""
