import type { RunContext } from './context.js';

/** What happens to a run: the log has each of them, whatever a terminal shows. */
export type EventName =
  | 'started'
  | 'planned'
  | 'divided'
  | 'task_done'
  | 'published'
  | 'unchanged'
  | 'refused'
  | 'failed'
  | 'interrupted'
  | 'died'
  | 'used';

const LEVELS: Readonly<Partial<Record<EventName, 'warn' | 'error'>>> = {
  refused: 'error',
  failed: 'error',
  interrupted: 'warn',
  died: 'warn',
};

/**
 * Logs an event. Its fields are numbers, ids of runs and paths of this machine: no value of the database.
 * @param text for those who read
 */
export function logEvent(
  { log, eventLevel = 'info' }: Pick<RunContext, 'log' | 'eventLevel'>,
  event: EventName,
  fields: Readonly<Record<string, unknown>>,
  text: string,
): void {
  const level = eventLevel === 'debug' ? 'debug' : (LEVELS[event] ?? 'info');
  log[level]({ event, ...fields }, text);
}
