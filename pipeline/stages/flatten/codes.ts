import type { AnyRow, RowOf } from '../../../schemas/column.js';
import { CODE_LISTS, type Code, type CodeList } from '../../../schemas/nbss/code-lists.js';
import type { codes } from '../../../schemas/tables/codes.js';
import { emptyExtra, extraText } from '../../omi-db/extra.js';

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function codeRow(list: CodeList, { code, text, label, obsolete, facts }: Code): RowOf<typeof codes> {
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
    note: list.note,
    extra: extraText(Object.assign(emptyExtra(), others)),
  };
}

const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** All rows of table `codes`, by list and code. They are the same for every database. */
export function codeRows(): AnyRow[] {
  return [...CODE_LISTS.values()]
    .flatMap((list) => list.codes.map((code) => codeRow(list, code)))
    .sort((a, b) => byText(a.list, b.list) || byText(a.code, b.code));
}
