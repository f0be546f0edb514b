import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { namesIn } from '../../pipeline/cohort/expression.js';
import { DuckDb } from '../../pipeline/engine/duckdb.js';

/** SQL of a spec may come from anybody. */

const db = await DuckDb.open();
after(async () => {
  await db.close();
});
const names = (sql: string) => namesIn(db, sql, 'step 1, "Mine"');

describe('an expression over a row', () => {
  const taken: readonly (readonly [string, readonly string[]])[] = [
    ['is_complete', ['is_complete']],
    ["study_role = 'screening' AND NOT has_implant", ['has_implant', 'study_role']],
    ['coalesce(least(l_days, r_days) BETWEEN 0 AND 1095, false)', ['l_days', 'r_days']],
    ["study_date >= DATE '2010-01-01' AND year(study_date) < 2020", ['study_date', 'study_date']],
    ["site IN ('STGE', 'ADDE')", ['site']],
    ["CASE WHEN site LIKE 'S%' THEN 1 ELSE 2 END = 1", ['site']],
    ["list_contains(view_modifiers, 'ID')", ['view_modifiers']],
    ["view_modifiers.list_contains('ID')", ['view_modifiers']],
    ["len(list_filter(view_modifiers, lambda x: x <> other)) = 0", ['other', 'view_modifiers']],
    ["side_density.vas::DOUBLE > 20 -- at the end", ['side_density.vas']],
    ["'; DROP TABLE exams' = site", ['site']],
    ['$$a\'b$$ = site', ['site']],
    ['"Odd Name" IS NULL', ['Odd Name']],
  ]; // prettier-ignore
  for (const [sql, columns] of taken)
    test(`is taken: ${sql}`, async () => {
      const found = (await names(sql)).columns.map((path) => path.join('.')).sort();
      assert.deepEqual(found, columns);
    });

  const refused: readonly (readonly [string, string])[] = [
    ['closes what it stands in', "1); COPY exams TO 'x'"],
    ['is a second statement', 'is_complete; SELECT 2'],
    ['is a statement', 'DROP TABLE exams'],
    ['sets', 'SET threads = 1'],
    ['has a table', 'content FROM read_text(\'/etc/passwd\')'],
    ['reads a file within', "(SELECT content FROM read_text('/etc/passwd'))"],
    ['reads a table within', 'client_id IN (SELECT client_id FROM exams)'],
    ['asks whether', 'EXISTS (SELECT 1)'],
    ['reads a file by a function', "read_csv('/etc/passwd')"],
    ['globs', "glob('/*')"],
    ['asks for a variable of the environment', "getenv('HOME')"],
    ['asks for a setting', "current_setting('temp_directory')"],
    ['asks for a variable', "getvariable('x')"],
    ['runs SQL from text', "query('SELECT 1')"],
    ['reads the plan of SQL', "json_serialize_plan('SELECT 1')"],
    ['writes to the log', "write_log('x')"],
    ['is chance', 'random() < 0.5'],
    ['is the clock', 'study_date < now()'],
    ['is the clock, hidden', 'age(study_date) IS NULL'],
    ['waits', 'sleep_ms(1000)'],
    ['counts rows', 'count(*) > 1'],
    ['looks at other rows', 'row_number() OVER () = 1'],
    ['is several', 'a, b'],
    ['is all', '*'],
    ['is all of some', "COLUMNS('.*')"],
    ['is all of a table', 'exams.*'],
    ['has a name', 'a AS b'],
    ['has a name before', 'b: a'],
    ['has a parameter', 'a = ?'],
    ['has a column by number', '#1'],
    ['is distinct', 'DISTINCT a'],
    ['is ordered', 'a ORDER BY 1'],
    ['is limited', 'a LIMIT 1'],
    ['is joined to another', 'a UNION SELECT 1'],
    ['is a sample', 'a USING SAMPLE 1'],
    ['has an open comment', 'a /* '],
    ['has an open text', "a = '"],
    ['has an open text in dollars', 'a = $$x'],
    ['is nothing', ' '],
    ['is a comment', '-- nothing'],
    ['is very deep', `${'NOT '.repeat(2000)}a`],
    ['is huge', Array<string>(5000).fill('a').join(' OR ')],
    ['fills the memory', "repeat('x', 1000000000) = 'x'"],
    ['makes rows', 'unnest([1, 2]) = 1'],
    ['makes many', 'list_sum(range(4000000000)) > 1'],
  ]; // prettier-ignore
  for (const [name, sql] of refused)
    test(`is refused, since it ${name}`, async () => {
      await assert.rejects(names(sql), (error: { code?: string; message: string }) => {
        assert.equal(error.code, 'usage', error.message);
        assert.match(error.message, /^step 1, "Mine": /);
        return true;
      });
    });
});
