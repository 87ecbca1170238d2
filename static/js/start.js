/* htmx as an extra: no inline style, no eval, so that the content policy stays strict. */
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
/* A form that was refused, or that somebody else was quicker with, is shown again like any other page. */
htmx.config.responseHandling = [
  { code: '204', swap: false }, { code: '[23]..', swap: true }, { code: '40[09]', swap: true }, { code: '[45]..', swap: false, error: true },
];
/* On a phone the menu moves sideways: show where one is. */
document.querySelector('.top nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
