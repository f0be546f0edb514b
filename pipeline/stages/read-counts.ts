/** What was read, for the run's manifest. Bytes of DICOM files are those of their headers. */
export interface ReadCounts {
  jsonFiles: number;
  jsonBytes: number;
  dicomFiles: number;
  dicomBytesOnDisk: number;
  dicomBytesRead: number;
  dicomBytesReadMax: number;
}

export function noReadCounts(): ReadCounts {
  return {
    jsonFiles: 0,
    jsonBytes: 0,
    dicomFiles: 0,
    dicomBytesOnDisk: 0,
    dicomBytesRead: 0,
    dicomBytesReadMax: 0,
  };
}

/** Adds `more` to `sum`. */
export function addReadCounts(sum: ReadCounts, more: ReadCounts): void {
  sum.jsonFiles += more.jsonFiles;
  sum.jsonBytes += more.jsonBytes;
  sum.dicomFiles += more.dicomFiles;
  sum.dicomBytesOnDisk += more.dicomBytesOnDisk;
  sum.dicomBytesRead += more.dicomBytesRead;
  sum.dicomBytesReadMax = Math.max(sum.dicomBytesReadMax, more.dicomBytesReadMax);
}
