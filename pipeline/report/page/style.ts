import { paletteCss } from '../charts/palette.js';

/** The page's style: light and dark as the reader's system is, one column on a telephone, black on white on paper. */

const LIGHT =
  '--paper:#fff;--ink:#1d2530;--quiet:#56606c;--rule:#d5dbe1;--soft:#f3f5f7;--accent:#005a9c;--shade:#00000038';
const DARK =
  '--paper:#14181d;--ink:#e6e9ec;--quiet:#a6b0ba;--rule:#3a434c;--soft:#1e242b;--accent:#7cc0f5;--shade:#ffffff40';

const severities = [
  ['error', 1],
  ['warning', 6],
  ['info', 0],
] as const;

/** Shades of the cells that say how complete a column is, from 0 to 10. */
const shades = Array.from({ length: 11 }, (_, step) => `.f${step}{--share:${step * 10}%}`).join('');

export const STYLE = `
:root{color-scheme:light dark;${LIGHT};${paletteCss('light')}}
@media (prefers-color-scheme:dark){:root{${DARK};${paletteCss('dark')}}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
header,main,footer{max-width:74rem;margin:0 auto;padding:0 1rem}
header{padding-top:1.5rem}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .3rem}
h2{font-size:1.35rem;line-height:1.25;margin:3rem 0 .3rem;padding-top:.8rem;border-top:2px solid var(--rule)}
h3{font-size:1.05rem;margin:1.6rem 0 .3rem}
p{margin:.4rem 0;max-width:46rem}
a{color:var(--accent)}
.quiet{color:var(--quiet)}
nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;list-style:none;margin:.8rem 0 0;padding:0}
.verdict{border-left:.35rem solid var(--s0);background:var(--soft);padding:.8rem 1rem;margin:1rem 0;max-width:none}
.verdict.bad{border-color:var(--s1)}
.verdict p{max-width:none}
.verdict strong{font-size:1.1rem}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(9.5rem,1fr));gap:.6rem;margin:1rem 0;padding:0}
.facts div{background:var(--soft);padding:.5rem .8rem}
.facts dt{color:var(--quiet);font-size:.85rem}
.facts dd{margin:0;font-size:1.25rem;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
/* A shadow where there is more to scroll to. */
.scroll{overflow-x:auto;margin:.6rem 0;background:linear-gradient(to right,var(--paper) 30%,transparent) left/3rem 100% no-repeat local,linear-gradient(to left,var(--paper) 30%,transparent) right/3rem 100% no-repeat local,linear-gradient(to right,var(--shade),transparent) left/.9rem 100% no-repeat,linear-gradient(to left,var(--shade),transparent) right/.9rem 100% no-repeat}
table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--quiet);padding:.2rem 0}
th,td{text-align:left;vertical-align:top;padding:.25rem .7rem .25rem 0;border-bottom:1px solid var(--rule)}
thead th{border-bottom:2px solid var(--quiet);vertical-align:bottom}
tbody th{font-weight:400}
tr.group th{font-weight:600;padding-top:.8rem}
.n{text-align:right;white-space:nowrap}
td.words{min-width:16rem;max-width:34rem}
code{font:.9em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
td code,th code{overflow-wrap:normal}
td.fill{white-space:nowrap}
td.query{min-width:20rem}
td.query code{overflow-wrap:anywhere}
figure{margin:1rem 0}
figcaption{font-weight:600;max-width:46rem;margin-bottom:.3rem}
svg.chart{display:block;max-width:100%;height:auto;font:12px system-ui,-apple-system,"Segoe UI",sans-serif}
svg.chart text{white-space:pre}
svg.wide{min-width:40rem}
svg.narrow{width:100%;max-width:31rem}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1rem;list-style:none;margin:.2rem 0;padding:0;font-size:.85rem}
.key{display:inline-block;width:.9rem;height:.9rem;margin-right:.35rem;vertical-align:-.1rem;border:1px solid var(--rule)}
${Array.from({ length: 9 }, (_, i) => `.s${i}{background:var(--s${i})}`).join('')}
${Array.from({ length: 8 }, (_, i) => `.r${i}{background:var(--r${i})}`).join('')}
.severity{white-space:nowrap}
${severities.map(([name, place]) => `.severity.${name}::before{content:"";display:inline-block;width:.65rem;height:.65rem;border-radius:50%;margin-right:.4rem;background:var(--s${place})}`).join('')}
td.fill{background:linear-gradient(to right,color-mix(in srgb,var(--s5) 38%,transparent) var(--share),transparent var(--share));padding-left:.4rem;border-left:2px solid var(--paper)}
${shades}
details{margin:.3rem 0}
summary{cursor:pointer;padding:.15rem 0}
input[type=search]{font:inherit;padding:.35rem .6rem;width:min(28rem,100%);border:1px solid var(--quiet);background:var(--paper);color:var(--ink)}
th button{all:unset;cursor:pointer;font-weight:600}
th button:focus-visible,summary:focus-visible,a:focus-visible,.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
th[aria-sort=ascending] button::after{content:" \\2191"}
th[aria-sort=descending] button::after{content:" \\2193"}
footer{margin-top:3rem;padding-bottom:2rem;color:var(--quiet);font-size:.85rem}
@media (max-width:40rem){tbody th{min-width:8.5rem}tbody th code{overflow-wrap:anywhere}}
@media print{
:root{color-scheme:light;${LIGHT};${paletteCss('light')}}
body{font-size:10pt}
header,main,footer{max-width:none;padding:0}
nav,.search,#dictionary details,.onscreen{display:none}
.scroll{overflow:visible;background:none}
svg.wide{min-width:0}
figure,tr{break-inside:avoid}
h2,h3,figcaption{break-after:avoid}
table{font-size:8pt}
/* Gradients become pictures: megabytes, and minutes. */
td.fill{background:none}
td.query,td.words{min-width:0}
td code,th code{overflow-wrap:anywhere}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
`;
