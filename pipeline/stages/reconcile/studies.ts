import type { StudyModel } from '../../model/client-model.js';
import type { ReconcileContext } from './context.js';

/** Whether the study's folders and imagedb pair up. */
export function checkStudy(study: StudyModel, context: ReconcileContext): void {
  const { plan } = context;
  const { listed, onDisk } = study;
  const path = `${context.clientId}/${study.uid}`;
  if (onDisk === null) {
    if (context.isClientHidden('data') || context.isClientHidden('images')) return;
    const detail = 'imagedb lists the study, and neither tree holds a folder of it.';
    context.ofStudy('study_not_on_disk', study, { path, detail });
  } else if (plan.inData && plan.inImages) {
    // A client who lacks a whole tree was reported already.
    checkFolders(study, onDisk.inData, onDisk.inImages, path, context);
  }
  if (onDisk !== null && listed === null && context.client.imagedb !== null) {
    const detail =
      'The study has a folder, but imagedb does not list it: it has no date, no episode and no marks.';
    context.ofStudy('study_not_in_imagedb', study, { path, detail });
  }
}

function checkFolders(
  study: StudyModel,
  inData: boolean,
  inImages: boolean,
  path: string,
  context: ReconcileContext,
): void {
  if (!inImages) {
    if (context.isClientHidden('images')) return;
    const detail = 'The study has a folder in the data tree but none in the images tree.';
    context.ofStudy('study_only_in_data', study, { path, detail });
  } else if (!inData && !context.isClientHidden('data')) {
    const detail = 'The study has a folder in the images tree but none in the data tree.';
    context.ofStudy('study_only_in_images', study, { path, detail });
  }
}
