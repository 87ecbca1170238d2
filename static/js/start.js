/* htmx as an extra: no inline style, no eval, so that the content policy stays strict. */
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
/* On a phone the menu moves sideways: show where one is. */
document.querySelector('.top nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
