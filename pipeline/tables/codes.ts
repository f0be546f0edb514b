import { CODE_LISTS, type Code, type CodeList } from '../../schemas/nbss/code-lists.js';
import type { RowOf } from '../../schemas/row.js';
import type { codes } from '../../schemas/tables/codes.js';
import { compareText } from '../base/text.js';
import { emptyExtra, extraText } from '../omi-db/extra.js';
import { textOrNull } from '../omi-db/raw-values.js';

type CodeRow = RowOf<typeof codes>;

function codeRow(list: CodeList, { code, text, label, obsolete, note, facts }: Code): CodeRow {
  const { modality, screen_or_assess, ...others } = facts;
  return {
    list: list.name,
    code,
    text,
    label,
    obsolete,
    list_title: list.title,
    modality: textOrNull(modality),
    screen_or_assess: textOrNull(screen_or_assess),
    note: note ?? list.note,
    extra: extraText(Object.assign(emptyExtra(), others)),
  };
}

/** All rows of table `codes`, by list and code. They are the same for every database. */
export function codeRows(): CodeRow[] {
  return [...CODE_LISTS.values()]
    .flatMap((list) => list.codes.map((code) => codeRow(list, code)))
    .sort((a, b) => compareText(a.list, b.list) || compareText(a.code, b.code));
}
