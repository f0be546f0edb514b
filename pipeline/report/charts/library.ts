/** What is used of the libraries that draw: the bundle takes no more than that, and loads it when a chart is drawn. */
export { axisX, barX, dot, frame, lineY, plot, rectY, ruleX, ruleY, text } from '@observablehq/plot';
export { parseHTML } from 'linkedom';
