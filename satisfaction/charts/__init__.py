"""Charts as Vega-Lite definitions: pure functions, one module a noun, in the colours of foundation.web.chart_theme."""
