import { parseDate } from '../../schemas/dates.js';
import { nbssColumns } from '../../schemas/nbss/column.js';
import { matchName } from '../../schemas/nbss/fields.js';
import { noValues } from '../../schemas/no-values.js';
import type { TypedRecord } from '../../schemas/row.js';
import { episodes } from '../../schemas/tables/episodes.js';
import { events, surgeryEventColumns, type EventName } from '../../schemas/tables/events.js';
import { lesions } from '../../schemas/tables/lesions.js';
import { screeningSides } from '../../schemas/tables/screening-sides.js';
import type { JsonObject } from '../omi-db/json.js';
import { textOrNull } from '../omi-db/raw-values.js';
import { SIDES, type LesionEvent, type Side } from './blocks.js';
import type { Episode, EventBlock, Screen } from './episode.js';
import { readProcedures, type Procedures } from './procedures.js';
import { RecordReader, type NbssContext } from './record-reader.js';

/** An episode whose fields are converted, record by record; nothing is interpreted yet. */
export interface TypedEpisode {
  readonly episodeId: string;
  readonly record: TypedRecord<typeof episodes>;
  /** By number of the screen, L before R. */
  readonly screenSides: readonly ScreenSide[];
  readonly procedures: Procedures;
  /** Screens, then the other events in the order of `EVENTS`. */
  readonly events: readonly EpisodeEvent[];
  /** L before R, then by number. */
  readonly lesions: readonly NamedLesion[];
}

/** A side of a screen. */
export interface ScreenSide {
  readonly eventNumber: number;
  readonly side: Side;
  readonly record: TypedRecord<typeof screeningSides>;
}

export interface EpisodeEvent {
  readonly event: EventName;
  /** 1; further screens 2, 3, … */
  readonly eventNumber: number;
  /** Key in OTHERSCREENING; null for all but further screens. */
  readonly sourceKey: string | null;
  /**
   * Distinct days since 1970-01-01: of a screen those its sides were taken (L, R); of any other event those of its
   * lesions (L before R, by number; then those under keys that are no number), then the event's own.
   */
  readonly dates: readonly number[];
  readonly record: TypedRecord<typeof events>;
}

/** A lesion that the LESION block or a procedure of the episode names. */
export interface NamedLesion {
  readonly side: Side;
  readonly lesionNumber: number;
  readonly inLesionBlock: boolean;
  /** The procedures that name it, in the order of their events. */
  readonly seenIn: readonly LesionEvent[];
  readonly record: TypedRecord<typeof lesions>;
}

const NO_EPISODE = noValues(nbssColumns(episodes));
const NO_SIDE = noValues(nbssColumns(screeningSides));
const NO_EVENT = noValues(nbssColumns(events));
const NO_LESION = noValues(nbssColumns(lesions));

const episodeReader = new RecordReader(episodes, () => ({ ...NO_EPISODE }));
const sideReader = new RecordReader(screeningSides, () => ({ ...NO_SIDE }));
const eventReader = new RecordReader(events, () => ({ ...NO_EVENT }));
const surgeryEventReader = new RecordReader(events, () => ({ ...NO_EVENT }), surgeryEventColumns);
const lesionReader = new RecordReader(lesions, () => ({ ...NO_LESION }));

/** Converts the fields of an episode. Never throws on data: what does not fit is reported and kept in `extra`. */
export function readTypedEpisode(episode: Episode, context: NbssContext): TypedEpisode {
  const { episodeId } = episode;
  const screenSides = readScreenSides(episode, context);
  const takenOn = datesTaken(screenSides);
  const record = episodeReader.read(episode.record, context, {
    where: () => `episode ${episodeId}`,
    handled: episode.blockKeys,
    leftover: episode,
  });
  const procedures = readProcedures(episode, context);
  reportRespelledKeys(episode, context);
  const events: EpisodeEvent[] = [];
  for (const screen of episode.screens)
    events.push(readScreen(episodeId, screen, takenOn.get(screen.eventNumber) ?? [], context));
  for (const block of episode.events) events.push(readEvent(episodeId, block, procedures, context));
  return { episodeId, record, screenSides, procedures, events, lesions: readLesions(episode, context) };
}

function readScreenSides({ episodeId, screens }: Episode, context: NbssContext): ScreenSide[] {
  const sides: ScreenSide[] = [];
  for (const { eventNumber, items } of screens)
    for (const { side, fields } of items) {
      const where = () => `episode ${episodeId}, screen ${eventNumber}, side ${side}`;
      sides.push({ eventNumber, side, record: sideReader.read(fields, context, { where }) });
    }
  return sides;
}

/** When the sides of each screen were taken. */
function datesTaken(sides: readonly ScreenSide[]): ReadonlyMap<number, readonly (number | null)[]> {
  const dates = new Map<number, (number | null)[]>();
  for (const { eventNumber, record } of sides) {
    const known = dates.get(eventNumber);
    if (known === undefined) dates.set(eventNumber, [record.fields.date_taken]);
    else known.push(record.fields.date_taken);
  }
  return dates;
}

function readScreen(
  episodeId: string,
  screen: Screen,
  datesOfSides: readonly (number | null)[],
  context: NbssContext,
): EpisodeEvent {
  const { eventNumber, sourceKey } = screen;
  return {
    event: 'screening',
    eventNumber,
    sourceKey,
    dates: distinctDates(datesOfSides),
    record: eventReader.read(screen.record, context, {
      where: () => `episode ${episodeId}, screening ${eventNumber}`,
      handled: screen.sideKeys,
      leftover: screen,
    }),
  };
}

function readEvent(
  episodeId: string,
  block: EventBlock,
  procedures: Procedures,
  context: NbssContext,
): EpisodeEvent {
  const { event } = block;
  const reader = event === 'surgery' ? surgeryEventReader : eventReader;
  const record = reader.read(block.record, context, {
    where: () => `episode ${episodeId}, ${event} 1`,
    handled: block.sideKeys,
    leftover: block,
  });
  const ofLesions = procedures[event].map((lesion) => lesion.record.fields.date_performed);
  const ofUnnumbered = block.unnumbered.map(({ fields }) => datePerformed(fields));
  const dates = distinctDates([...ofLesions, ...ofUnnumbered, record.fields.date_performed]);
  return { event, eventNumber: 1, sourceKey: null, dates, record };
}

/** Day of a lesion that no table has a row for; null without one. */
function datePerformed(fields: JsonObject): number | null {
  const key = Object.keys(fields).find((name) => matchName(name) === 'dateperformed');
  const text = key === undefined ? null : textOrNull(fields[key]);
  return text === null ? null : parseDate(text);
}

/** One row for all keys of an episode: they are spelled by one habit. */
function reportRespelledKeys({ episodeId, events, lesions }: Episode, context: NbssContext): void {
  const block = events.find(({ respelledKeys }) => respelledKeys.length > 0) ?? lesions;
  const found = block?.respelledKeys[0];
  if (found === undefined) return;
  context.report({
    kind: 'code_respelled',
    client_id: context.clientId,
    path: context.path,
    detail: `Lesions of episode ${episodeId} have keys that are numbers in a spelling of their own.`,
    expected: String(Number(found)),
    found,
  });
}

/** Distinct dates in the order given; nulls are left out. */
function distinctDates(dates: readonly (number | null)[]): number[] {
  const found: number[] = [];
  for (const date of dates) if (date !== null && !found.includes(date)) found.push(date);
  return found;
}

const NO_FIELDS: JsonObject = {};

/** A lesion while it is looked for. */
interface FoundLesion {
  readonly side: Side;
  readonly lesionNumber: number;
  /** Its record in the LESION block. */
  fields: JsonObject | null;
  readonly seenIn: LesionEvent[];
}

function readLesions(episode: Episode, context: NbssContext): NamedLesion[] {
  if (episode.lesions === null && episode.events.length === 0) return [];
  return findLesions(episode).map(({ side, lesionNumber, fields, seenIn }) => {
    const where = () => `episode ${episode.episodeId}, side ${side}, lesion ${lesionNumber}`;
    const record = lesionReader.read(fields ?? NO_FIELDS, context, { where });
    return { side, lesionNumber, inLesionBlock: fields !== null, seenIn, record };
  });
}

/** Every lesion that the LESION block or a procedure of the episode names, L before R, then by number. */
function findLesions(episode: Episode): FoundLesion[] {
  const found = new Map<string, FoundLesion>();
  const lesionOf = (side: Side, lesionNumber: number): FoundLesion => {
    const key = `${side}${lesionNumber}`;
    let lesion = found.get(key);
    if (lesion === undefined) found.set(key, (lesion = { side, lesionNumber, fields: null, seenIn: [] }));
    return lesion;
  };
  for (const { side, lesionNumber, fields } of episode.lesions?.items ?? []) {
    lesionOf(side, lesionNumber).fields = fields;
  }
  for (const { event, items } of episode.events) {
    for (const { side, lesionNumber } of items) lesionOf(side, lesionNumber).seenIn.push(event);
  }
  return [...found.values()].sort(
    (a, b) => SIDES.indexOf(a.side) - SIDES.indexOf(b.side) || a.lesionNumber - b.lesionNumber,
  );
}
