import { required } from '../column.js';

export { clientId, extra } from '../tables/keys.js';

/** Columns that name rows of the NBSS tables, the same in each. */
export const episodeId = required('episode_id', 'string', {
  description:
    'The episode: one course of care from invitation to closure, as NBSS numbers it within the client.',
  source: 'nbss key of the episode',
});

export const side = required('side', 'string', {
  description: 'Breast that the row is about: L (left) or R (right).',
  source: 'nbss key L or R',
});

export const lesionNumber = required('lesion_number', 'int', {
  description:
    'Number of the lesion within its episode and side; the same number in different tables is the same lesion.',
  source: 'nbss key of the lesion',
});

export const eventNumber = required('event_number', 'int', {
  description: 'Which event of its sort this is within the episode: first screen 1, further screens 2, 3, ….',
  source: 'position in SCREENING and OTHERSCREENING',
});

/** Parent of every table with rows of an episode. */
export const episodeParents = [{ table: 'episodes', columns: ['client_id', 'episode_id'] }] as const;
