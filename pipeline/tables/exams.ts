import type { RowOf } from '../../schemas/row.js';
import type { exams } from '../../schemas/tables/exams.js';
import type { ClientModel, ImageModel, StudyModel } from '../model/client-model.js';
import type { SelectedTags } from '../model/selected-tags.js';
import type { ExamViews } from '../semantics/exam/exam-views.js';
import { ageInYears } from '../semantics/image.js';
import { breastsOfStudy, type BreastsOfStudy } from './breast-rows.js';
import { clientRow } from './clients.js';
import { episodeRow } from './episodes.js';
import { countBoxes } from './images.js';
import { studyRow } from './studies.js';

type ExamRow = RowOf<typeof exams>;

/** The rows of a client in `exams`: of each study with an image, by UID. */
export function examRows(client: ClientModel): ExamRow[] {
  const clients = clientRow(client);
  return client.studies.flatMap((study) =>
    study.views === null ? [] : [examRow(study, study.views, client, clients)],
  );
}

function examRow(
  study: StudyModel,
  views: ExamViews,
  { clientId, history: woman, tags }: ClientModel,
  clients: ExamRow['clients'],
): ExamRow {
  const { images, history, episode } = study;
  const breasts = breastsOfStudy(study, woman);
  const { number, prior } = history.place;
  return {
    client_id: clientId,
    study_instance_uid: study.uid,
    study_role: history.role,
    ...agreedCells(images, tags),
    ...chosenCells(views),
    chosen_by: views.chosenBy,
    is_complete: views.isComplete,
    missing_views: views.missingViews,
    has_synthetic_2d: views.views.some(
      ({ purpose, chosen }) => purpose === 'presentation' && chosen?.image.kind === 'synthetic_2d',
    ),
    has_implant: anyOf(images.map(({ look }) => look.hasImplant)),
    mark_count: images.reduce((sum, image) => sum + countBoxes(image), 0),
    ...breastCells('l', breasts),
    ...breastCells('r', breasts),
    days_to_last_follow_up: history.daysToLastFollowUp,
    exam_number: number,
    prior_study_instance_uid: prior?.studyInstanceUid ?? null,
    days_since_prior: prior?.days ?? null,
    clients,
    studies: studyRow(clientId, study),
    episodes: episode === null ? null : episodeRow(clientId, episode),
  };
}

type AgreedCells = Pick<ExamRow, 'patient_age_years' | 'manufacturer_name' | 'manufacturer_model_name'>;

function agreedCells(images: readonly ImageModel[], tags: SelectedTags): AgreedCells {
  const ofHeaders = (column: string): (string | null)[] =>
    images.map(({ header }) => tags.text(header?.values ?? null, column));
  return {
    patient_age_years: agreed(ofHeaders('patient_age').map((age) => (age === null ? null : ageInYears(age)))),
    manufacturer_name: agreed(images.map(({ look }) => look.manufacturerName)),
    manufacturer_model_name: agreed(ofHeaders('manufacturer_model_name')),
  };
}

/** The one value that all which have one agree on; null where they do not, or none has one. */
function agreed<T>(values: readonly (T | null)[]): T | null {
  const [first, ...others] = new Set(values.filter((value) => value !== null));
  return first !== undefined && others.length === 0 ? first : null;
}

/** True if any is; else null if any is not known, else false. */
function anyOf(values: readonly (boolean | null)[]): boolean | null {
  if (values.includes(true)) return true;
  return values.includes(null) ? null : false;
}

type ChosenCells = Pick<ExamRow, Extract<keyof ExamRow, `${'l' | 'r'}_${'cc' | 'mlo'}_${string}`>>;

function chosenCells({ views }: ExamViews): ChosenCells {
  const cells = views.flatMap(({ breast, view, purpose, chosen }) => {
    const name = `${breast}_${view}_${purpose}`.toLowerCase();
    return [
      [name, chosen?.image.sopInstanceUid ?? null],
      [`${name}_candidates`, chosen?.candidates ?? 0],
    ] as const;
  });
  return Object.fromEntries(cells) as ChosenCells;
}

/** What is known of a breast, in the columns of its side: `l_label`, `r_label`. */
function breastCells<const Prefix extends 'l' | 'r'>(prefix: Prefix, { inEpisode, atStudy }: BreastsOfStudy) {
  const side = prefix === 'l' ? 'L' : 'R';
  const said = inEpisode?.[side] ?? null;
  const at = atStudy[side];
  return prefixed(prefix, {
    label: said?.breast_label ?? null,
    label_strict: said?.breast_label_strict ?? null,
    label_basis: said?.breast_label_basis ?? null,
    outcome: said?.breast_outcome ?? null,
    days_to_cancer: at.breast_days_to_cancer,
    cancer_mode: at.breast_cancer_mode,
    is_post_op: at.breast_is_post_op,
  });
}

/** The same cells under names that begin with the prefix. */
function prefixed<const Prefix extends string, Cells extends object>(prefix: Prefix, cells: Cells) {
  const named = Object.entries(cells).map(([name, cell]) => [`${prefix}_${name}`, cell as unknown]);
  return Object.fromEntries(named) as {
    [Name in keyof Cells & string as `${Prefix}_${Name}`]: Cells[Name];
  };
}
