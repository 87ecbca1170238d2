/* htmx as an extra: no inline style, no eval, so that the content policy stays strict. */
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
