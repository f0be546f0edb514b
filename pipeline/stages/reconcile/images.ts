import type { ImageModel, StudyModel } from '../../model/client-model.js';
import type { ReconcileContext } from './context.js';

/** Whether an image's files and imagedb pair up. */
export function checkImage(study: StudyModel, image: ImageModel, context: ReconcileContext): void {
  const { onDisk } = image;
  if (onDisk === null) checkMissingImage(study, image, context);
  else checkFiles(study, image, onDisk.plan, context);
  if (image.listed.length > 1) {
    const [first, second] = image.listed;
    const detail =
      'imagedb lists the image in two series of one study; the image is in the first, marks of both are kept.';
    context.ofImage('image_uid_duplicate', study, image, {
      path: context.imagedbPath,
      detail,
      expected: first!.seriesUid,
      found: second!.seriesUid,
    });
  }
}

function checkMissingImage(study: StudyModel, image: ImageModel, context: ReconcileContext): void {
  if (study.onDisk === null) return;
  if (context.isStudyHidden('data', study) || context.isStudyHidden('images', study)) return;
  const detail = 'imagedb lists the image, and neither tree holds a file of it.';
  const path = `${context.clientId}/${study.uid}`;
  context.ofImage('image_not_on_disk', study, image, { path, detail });
}

function checkFiles(
  study: StudyModel,
  image: ImageModel,
  files: NonNullable<ImageModel['onDisk']>['plan'],
  context: ReconcileContext,
): void {
  const { json, secondJson, dicom } = files;
  const path = dicom?.path ?? json?.path ?? null;
  if (json === null && study.onDisk!.inData && !context.isStudyHidden('data', study)) {
    const detail = 'The image has a DICOM file but no JSON of its header.';
    context.ofImage('image_json_missing', study, image, { path, detail, expected: `${image.uid}.json` });
  }
  if (dicom === null && study.onDisk!.inImages && !context.isStudyHidden('images', study)) {
    const detail = 'The image has a JSON of its header but no DICOM file.';
    context.ofImage('dicom_missing', study, image, { path, detail, expected: `${image.uid}.dcm` });
  }
  if (secondJson !== null) {
    const differs = image.onDisk!.secondJson !== null;
    const detail = differs
      ? 'The image has two JSON files of different content: the one in `expected` is used, the other kept in extra.'
      : 'The image has two JSON files; the one in `expected` is used.';
    const details = { path: secondJson.path, detail, expected: json!.path, found: secondJson.path };
    context.ofImage('image_json_duplicate', study, image, details);
  }
  if (image.listed.length === 0 && study.listed !== null) {
    const detail = 'The image has files, but imagedb does not list it under this study.';
    context.ofImage('image_not_in_imagedb', study, image, { path, detail });
  }
}
