/**
 * The page's script. Without it everything can be read; with it tables are sorted by a click on the head of a column, and
 * searched. It makes its own buttons and fields, so that nothing dead stands on a page without script.
 */
export const SCRIPT = `
'use strict';
const plain = (cell) => cell.dataset.v ?? cell.textContent.trim();
for (const table of document.querySelectorAll('table.sortable')) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const down = head.getAttribute('aria-sort') === 'ascending';
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      const body = table.tBodies[0];
      const rows = [...body.rows].map((row) => ({ row, value: plain(row.cells[column]) }));
      const numbers = rows.every(({ value }) => value === '' || !Number.isNaN(Number(value)));
      const compare = (a, b) => numbers ? Number(a.value) - Number(b.value) : a.value.localeCompare(b.value);
      rows.sort((a, b) => (down ? -compare(a, b) : compare(a, b)));
      body.append(...rows.map(({ row }) => row));
    });
  });
}
for (const place of document.querySelectorAll('.search')) {
  const label = document.createElement('label');
  const field = document.createElement('input');
  field.type = 'search';
  label.append(place.dataset.label + ' ', field);
  place.append(label);
  const scope = document.getElementById(place.dataset.of);
  field.addEventListener('input', () => {
    const words = field.value.toLowerCase().split(/\\s+/).filter((word) => word !== '');
    const fits = (text) => words.every((word) => text.includes(word));
    for (const row of scope.querySelectorAll('tbody tr'))
      row.hidden = !fits((row.dataset.of ?? '') + ' ' + row.textContent.toLowerCase());
    for (const part of scope.querySelectorAll('details')) {
      const found = part.querySelector('tbody tr:not([hidden])') !== null;
      part.hidden = !found;
      part.open = found && words.length > 0;
    }
  });
}
`;
