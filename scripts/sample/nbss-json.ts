import type { Course } from './course.js';
import type { Episode } from './episode.js';
import { yearOf } from './dates.js';
import {
  Code,
  code,
  day,
  measure,
  write,
  type Json,
  type JsonObject,
  type Value,
  type ValueStyle,
} from './values.js';

/** How one client's NBSS file is written: every manner that real files show, one of them in each client. */
export interface NbssStyle extends ValueStyle {
  readonly studyList: 'array' | 'text' | 'null' | 'mixed';
  /** The JSON's own spellings of some NBSS fields instead of the printed ones. */
  readonly otherSpellings: boolean;
  /** Repeat what is said of the block inside each of its lesions. */
  readonly lesionOutcome: boolean;
  /** Give a block a bare `Opinion`. */
  readonly bareOpinion: boolean;
  readonly openedYear: 'text' | 'number' | 'empty';
}

/** Printed field name -> the JSON's other spelling of it. */
const OTHER_SPELLINGS: Record<string, string> = {
  InSituPresent: 'InsituPresent',
  PossibleLymphNode: 'LymphNode',
  CalcificationOnSpecimen: 'CalcificationsOnSpecimen',
  AxillarySpecimenTypes: 'AxillarySpecimenType',
  AxillaryNodesPresent: 'AxillaryNodesPositive',
};

/** Blocks whose sides hold lesions and that have an outcome of their own. */
const PROCEDURES: ReadonlySet<string> = new Set([
  'ASSESSMENT',
  'CLINICAL',
  'BIOPSYWIDE',
  'BIOPSYFINE',
  'SURGERY',
]);

/**
 * The content of nbss_<client>.json.
 * @param studies StudyInstanceUIDs of each episode, by episode id
 */
export function nbssJson(
  clientId: string,
  course: Course,
  studies: ReadonlyMap<string, readonly string[]>,
  style: NbssStyle,
): JsonObject {
  const content: JsonObject = {
    ClientID: clientId,
    Classification: write(code('STATUS', course.classification), style),
  };
  course.episodes.forEach((episode, i) => {
    content[episode.id] = episodeJson(episode, i, studies.get(episode.id) ?? [], style);
  });
  return content;
}

function episodeJson(
  episode: Episode,
  number: number,
  studies: readonly string[],
  style: NbssStyle,
): JsonObject {
  const { open, action } = episode;
  const facts: Record<string, Value> = {
    EpisodeType: code('EPC', episode.type),
    EpisodeAction: action === null ? null : code('ACT', action),
    EpisodeIsClosed: open ? 'N' : 'Y',
    EpisodeOpenedDate: day(episode.opened),
    EpisodeClosedDate: open ? null : day(episode.closed),
    PatientAge: measure(episode.ageYears),
    AccessionID: `A${episode.id}`,
    EpisodeEndPoint: episode.lesions.length > 0 && action !== null ? new Code('', ['AS', action], ',') : null,
    ...intervalCancer(episode),
  };
  const content = write(facts, style) as JsonObject;
  content['ActualEpisodeOpenedYear'] = openedYear(episode, style);
  content['StudyList'] = studyList(studies, number, style);
  for (const [name, value] of Object.entries(episode.blocks))
    content[name] = value === null ? null : block(name, value, style);
  return content;
}

function intervalCancer({ intervalDiagnosis, lesions }: Episode): Record<string, Value> {
  if (intervalDiagnosis === null) return { IntervalCancerType: null };
  return {
    IntervalCancerType: code('ICT', String(intervalDiagnosis % 4)),
    IntervalCancerSizeMm: measure(lesions[0]?.sizeMm ?? 10),
    IntervalCancerDateOfDiagnosis: day(intervalDiagnosis),
    IntervalCancerDateOfReview: day(intervalDiagnosis + 120),
    IntervalCancerDateOfRegional: null,
  };
}

function openedYear({ opened }: Episode, { openedYear: manner }: NbssStyle): Json {
  if (manner === 'empty') return '';
  return manner === 'text' ? String(yearOf(opened)) : yearOf(opened);
}

function studyList(studies: readonly string[], number: number, style: NbssStyle): Json {
  const manner =
    style.studyList === 'mixed' ? (['null', 'array', 'text'] as const)[number % 3] : style.studyList;
  if (manner === 'null') return null;
  return manner === 'array' ? [...studies] : studies.join(',');
}

function block(name: string, value: Value, style: NbssStyle): Json {
  const written = write(value, style);
  if (!PROCEDURES.has(name) || !isObject(written) || Object.keys(written).length === 0) return written;
  if (style.bareOpinion) written['Opinion'] = write(bareOpinion(value), style);
  for (const lesion of lesionsOf(written)) {
    if (style.lesionOutcome)
      Object.assign(lesion, {
        left_opinion: written['left_opinion'],
        right_opinion: written['right_opinion'],
        DiagnosticSetOutcome: written['diagnosticsetoutcome'],
      });
    if (style.otherSpellings) respell(lesion);
  }
  return written;
}

/** The opinion of one side as that of the block: of list OPINION, where "Suspicious" could be several codes. */
function bareOpinion(value: Value): Value {
  if (value === null || typeof value !== 'object') return null;
  const sides = Object.entries(value).filter(([key]) => key === 'left_opinion' || key === 'right_opinion');
  const found = sides.map(([, opinion]) => opinion as Value).find((opinion) => opinion instanceof Code);
  return found instanceof Code ? code('OPINION', ...found.codes) : null;
}

function lesionsOf(written: JsonObject): JsonObject[] {
  return ['L', 'R'].flatMap((side) => {
    const lesions = written[side];
    return isObject(lesions) ? Object.values(lesions).filter(isObject) : [];
  });
}

function respell(lesion: JsonObject): void {
  for (const [printed, other] of Object.entries(OTHER_SPELLINGS)) {
    const value = lesion[printed];
    if (value === undefined) continue;
    lesion[other] = value;
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a plain JSON object, made here
    delete lesion[printed];
  }
}

/** True for a JSON object: not null, not an array. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
