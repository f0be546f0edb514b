import type { Report } from '../../../schemas/mismatch-kinds.js';
import type { Roots } from '../../source/source.js';
import type { ClientModel } from '../../model/client-model.js';
import { checkBreasts } from './breasts.js';
import { checkClient } from './clients.js';
import { ReconcileContext } from './context.js';
import { checkHeaders } from './headers.js';
import { checkImage } from './images.js';
import { checkEpisodes, checkStudyLinks } from './links.js';
import { checkMarks } from './marks.js';
import { checkSides } from './sides.js';
import { checkStudy } from './studies.js';

/**
 * Reconcile: holds the views of one client against each other and reports what does not pair up
 * (manifest page of OMI-DB). One cause gives one row: what follows from a missing folder or file is not reported again
 * for everything in it.
 */
export function reconcile(client: ClientModel, roots: Roots, report: Report): void {
  const context = new ReconcileContext(client, roots, report);
  checkClient(context);
  for (const study of client.studies) {
    checkStudy(study, context);
    checkStudyLinks(study, context);
    for (const image of study.images) {
      checkImage(study, image, context);
      checkHeaders(study, image, context);
      checkSides(study, image, context);
      checkMarks(study, image, context);
    }
  }
  checkEpisodes(context);
  checkBreasts(context);
}
