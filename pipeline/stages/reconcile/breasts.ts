import { SIDES } from '../../nbss/blocks.js';
import type { EpisodeModel } from '../../model/client-model.js';
import type { ReconcileContext } from './context.js';

const BREASTS = { L: 'left', R: 'right' } as const;

/** What an episode's records say of one breast, against each other; and cancers that nobody knows the day of. */
export function checkBreasts(context: ReconcileContext): void {
  const { client, nbssPath: path } = context;
  for (const episode of client.episodes) checkLabels(episode, context);
  for (const side of SIDES)
    for (const episodeId of client.history.breasts[side].undatedCancerEpisodes) {
      const detail = `Episode ${episodeId} records a cancer of the ${BREASTS[side]} breast and has no date at all.`;
      context.ofClient('cancer_undated', { path, detail, found: episodeId });
    }
}

function checkLabels({ episodeId, breasts }: EpisodeModel, context: ReconcileContext): void {
  for (const side of SIDES) {
    const { conflict } = breasts[side];
    if (conflict === null) continue;
    context.ofClient('breast_label_conflict', {
      path: context.nbssPath,
      detail: `The label of the ${BREASTS[side]} breast in episode ${episodeId} and the pathology of its lesions disagree.`,
      expected: conflict.pathology,
      found: conflict.label,
    });
  }
}
