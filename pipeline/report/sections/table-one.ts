import type { Line, TableOne } from '../figures/table-one.js';
import { html, nameText, type Html } from '../page/html.js';
import { scrolling, section } from '../page/parts.js';
import type { Shown } from '../page/shown.js';
import type { View } from '../view.js';

const CAPTION = 'Women, exams and images';

/** Table 1, as papers have it. */
export function tableOneSection({ figures: { tableOne }, shown }: View): Html {
  return section(
    'table1',
    'Table 1: women, exams and images',
    'An exam is a study with an image. A woman is counted in each line that one of her images falls into, so women add up by site only. (none): the source does not say.',
    scrolling(
      CAPTION,
      html`<table>
        <caption>
          ${CAPTION}
        </caption>
        <thead>
          <tr>
            <th scope="col">group</th>
            ${['women', 'exams', 'images', 'of images'].map(
              (name) => html`<th scope="col" class="n">${name}</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${totalLine(tableOne.all, shown)}
        </tbody>
        ${groupBodies(tableOne, shown)}
      </table>`,
    ),
  );
}

function groupBodies({ groups, all }: TableOne, shown: Shown): Html[] {
  const line = ({ value, meaning, women, exams, images }: Line) =>
    html`<tr>
      <th scope="row">
        ${nameText(value)}${meaning === null ? null : html` <span class="quiet">${meaning}</span>`}
      </th>
      ${[women, exams, images].map((count) => html`<td class="n">${shown.text(count)}</td>`)}
      <td class="n">${shown.share(images, all.images)}</td>
    </tr> `;
  return groups.map(
    ({ title, lines }) =>
      html`<tbody>
        <tr class="group">
          <th scope="rowgroup" colspan="5">${title}</th>
        </tr>
        ${lines.map(line)}
      </tbody>`,
  );
}

function totalLine({ women, exams, images }: Line, shown: Shown): Html {
  return html`<tr>
    <th scope="row">all</th>
    ${[women, exams, images].map((count) => html`<td class="n">${shown.text(count)}</td>`)}
    <td class="n"></td>
  </tr> `;
}
